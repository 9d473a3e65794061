import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

export const installation = "install it (Debian: apt-get install chromium)";

/** The browser that the machine has. */
export const findChromium = (): string | undefined =>
  (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "chromium"))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });

/** Without what a browser of a person's does in the background: a closed network would refuse it, many times a second. */
export const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];
