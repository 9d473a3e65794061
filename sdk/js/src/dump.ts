import type { Core } from "./core.js";
import { copy } from "./copy.js";

/** A copy of what the client holds, with keys in kebab-case. It contains the token: any script of the page can read it. */
export const dump = (core: Core) => {
  const open = core.live?.open() ?? [];
  return copy({
    authentication: { token: core.credentials.token(), "sso-token": null },
    user: { "user-id": core.user, identity: core.identity },
    session: {
      "session-id": core.live?.id ?? null,
      "tenant-id": core.tenant,
      state: core.live?.shown() ?? null,
      config: core.config,
    },
    config: { "api-url": core.options.base, env: core.options.environment, locale: core.locale },
    supervisor: { "monitored-interaction": core.monitored },
    interactions: {
      pending: [],
      active: open.filter((w) => w.state !== "offered"),
      past: [],
      incoming: open.filter((w) => w.state === "offered"),
    },
    time: { offset: Date.parse(core.clock.now()) - Date.now() },
  });
};

export type Dump = ReturnType<typeof dump>;
