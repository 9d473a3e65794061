import { readFile } from "node:fs/promises";
import { type IncomingMessage, type Server as HttpServer, type ServerResponse, createServer, request } from "node:http";
import { type AddressInfo, type Socket, connect } from "node:net";
import { extname, join } from "node:path";
import type { Duplex } from "node:stream";
import type { Server } from "./server.js";

const pages = join(import.meta.dirname, "pages");
const types: Record<string, string> = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8" };

/** How the network between the site's pages and the server is cut: at once, or so that nothing gets through and nobody is told. */
export type Cut = "refuse" | "swallow";

/**
 * An origin with the test pages. With a server behind it, it also forwards /v1/ and /sdk/, sockets included, so that pages have the
 * server on their own origin and the network between can be cut.
 */
export class Site {
  readonly #http: HttpServer;
  readonly #forwards: boolean;
  /** Both ends of every connection that is forwarded. */
  readonly #connections = new Set<Duplex>();
  #cut: Cut | undefined;
  /** What is served in the place of the server, by path; see `answer`. */
  readonly #answers = new Map<string, { status: number; body: string }>();
  /** Pages beside those of the folder, by path. */
  readonly texts = new Map<string, string>();
  /** Headers of pages, by path, such as a Content-Security-Policy for "/policy.html". */
  readonly headers = new Map<string, Record<string, string>>();
  /** What browsers have reported to /reports, as a Content-Security-Policy may ask them to. */
  readonly reports: string[] = [];
  /** Milliseconds that a request is on its way to the server. One that the browser gives up meanwhile never gets there. */
  latency = 0;
  /** Whether sockets are let through, or refused as some networks do. */
  sockets = true;
  /** The server behind the pages; tests set it when it runs. */
  server: Server | undefined;
  origin = "";

  private constructor(forwards: boolean) {
    this.#forwards = forwards;
    this.#http = createServer((asked, answer) => void this.#serve(asked, answer));
    this.#http.on("upgrade", (asked: IncomingMessage, socket: Duplex, head: Buffer) => this.#upgrade(asked, socket, head));
  }

  static async open(o: { forwards: boolean }): Promise<Site> {
    const site = new Site(o.forwards);
    await new Promise<void>((resolve) => site.#http.listen(0, "127.0.0.1", resolve));
    site.origin = `http://127.0.0.1:${(site.#http.address() as AddressInfo).port}`;
    return site;
  }

  /** Where pages find the server. */
  get api(): string {
    return this.#forwards ? this.origin : (this.server?.origin ?? "");
  }

  /** Cuts the network between pages and the server: what is forwarded. The pages themselves are still served. */
  cut(how: Cut): void {
    this.#cut = how;
    if (how === "refuse") this.#dropAll();
  }

  /** Mends it. What was swallowed is lost: those connections end. */
  mend(): void {
    if (this.#cut === "swallow") this.#dropAll();
    this.#cut = undefined;
  }

  /** Answers requests for a path itself, in the server's place; without an answer the server is asked again. */
  answer(path: string, answer?: { status: number; body: string }): void {
    if (answer) this.#answers.set(path, answer);
    else this.#answers.delete(path);
  }

  async close(): Promise<void> {
    this.#dropAll();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #dropAll(): void {
    for (const connection of this.#connections) connection.destroy();
    this.#connections.clear();
  }

  #watch(connection: Duplex): void {
    if (this.#connections.has(connection)) return;
    this.#connections.add(connection);
    connection.on("close", () => this.#connections.delete(connection));
    connection.on("error", () => connection.destroy());
  }

  async #serve(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { pathname } = new URL(asked.url ?? "/", this.origin);
    const own = this.#answers.get(pathname);
    if (own) {
      answer.writeHead(own.status, { "Content-Type": "application/json" }).end(own.body);
      return;
    }
    if (pathname === "/favicon.ico") return void answer.writeHead(204).end(); // every browser asks for it
    if (pathname === "/reports") return this.#keep(asked, answer);
    if (this.#forwards && /^\/(v1|sdk)\//.test(pathname)) return void setTimeout(() => this.#forward(asked, answer), pathname.startsWith("/v1/") ? this.latency : 0);
    try {
      const type = types[extname(pathname)] ?? "application/octet-stream";
      const text = this.texts.get(pathname) ?? (await readFile(join(pages, pathname.replaceAll("..", "")), "utf8"));
      answer.writeHead(200, { "Content-Type": type, "Cache-Control": "no-store", ...this.headers.get(pathname) });
      answer.end(text.replaceAll("%SERVER%", this.api)); // pages cannot know its port
    } catch {
      answer.writeHead(404).end();
    }
  }

  async #keep(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    let text = "";
    for await (const bytes of asked.setEncoding("utf8")) text += bytes;
    this.reports.push(text);
    answer.writeHead(204).end();
  }

  #forward(asked: IncomingMessage, answer: ServerResponse): void {
    if (asked.socket.destroyed) return;
    if (this.#cut === "refuse") return void asked.socket.destroy();
    this.#watch(asked.socket);
    if (this.#cut === "swallow") return;
    const { hostname, port } = new URL(this.server!.origin);
    const onward = request({ host: hostname, port, method: asked.method, path: asked.url, headers: asked.headers, agent: false });
    onward.on("response", (came) => {
      if (!this.#cut) answer.writeHead(came.statusCode ?? 502, came.statusMessage, came.headers).flushHeaders();
      came.on("data", (bytes: Buffer) => this.#cut || answer.write(bytes));
      came.on("end", () => this.#cut || answer.end());
      came.on("error", () => asked.socket.destroy());
    });
    onward.on("socket", (socket: Socket) => this.#watch(socket));
    onward.on("error", () => asked.socket.destroy()); // no server: the network is as if cut
    answer.on("close", () => this.#cut || onward.destroy());
    asked.pipe(onward);
  }

  #upgrade(asked: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!this.#forwards || !this.sockets || this.#cut === "refuse") return void socket.destroy();
    this.#watch(socket);
    if (this.#cut === "swallow") return;
    const { hostname, port } = new URL(this.server!.origin);
    const onward = connect(Number(port), hostname, () => {
      const lines = [`${asked.method} ${asked.url} HTTP/1.1`];
      for (let i = 0; i < asked.rawHeaders.length; i += 2) lines.push(`${asked.rawHeaders[i]}: ${asked.rawHeaders[i + 1]}`);
      onward.write(lines.join("\r\n") + "\r\n\r\n");
      onward.write(head);
    });
    this.#watch(onward);
    socket.on("data", (bytes: Buffer) => this.#cut || onward.write(bytes));
    onward.on("data", (bytes: Buffer) => this.#cut || socket.write(bytes));
    socket.on("close", () => this.#cut || onward.destroy());
    onward.on("close", () => this.#cut || socket.destroy());
  }
}
