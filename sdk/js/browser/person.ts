import { expect } from "vitest";
import type { components } from "../src/wire.gen.js";
import type { PresenceState, TokenResponse, UserIdentity } from "../src/wire.js";
import { password } from "./provisioning.js";
import type { Server } from "./server.js";

type Why = components["schemas"]["Why"];

/** A user who talks to the server past the browser: to look at what a page has done, and to do what others do. */
export class Person {
  readonly #server: Server;
  readonly username: string;
  token = "";
  userId = "";
  /** Of the tenant Desk. */
  tenantId = "";

  private constructor(server: Server, username: string) {
    this.#server = server;
    this.username = username;
  }

  static async logIn(server: Server, username: string): Promise<Person> {
    const person = new Person(server, username);
    person.token = await person.freshToken();
    const identity = await person.ask<UserIdentity>("POST", "login");
    person.userId = identity.userId;
    person.tenantId = identity.tenants.find((tenant) => tenant.tenantName === "Desk")!.tenantId;
    return person;
  }

  /** Another token, of so many seconds. */
  async freshToken(ttl = 36_000): Promise<string> {
    const response = await fetch(`${this.#server.base}tokens`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ username: this.username, password, ttl }),
    });
    return ((await response.json()) as TokenResponse).token;
  }

  /** The result of a request, such as `ask("GET", "tenants/…")`; fails where it is refused. */
  async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(this.#server.base + path, {
      method,
      headers: { Authorization: `Token ${this.token}`, ...(method === "GET" ? {} : { "Content-Type": "application/json" }) },
      ...(method === "GET" ? {} : { body: JSON.stringify(body ?? null) }),
    });
    const text = await response.text();
    if (!response.ok) expect.fail(`${method} ${path}: ${response.status} ${text}`);
    return text ? (JSON.parse(text) as { result: T }).result : (undefined as T);
  }

  /** The path of a person's presence. */
  presencePath(of: Person = this): string {
    return `tenants/${of.tenantId}/presence/${of.userId}`;
  }

  /** A person's presence state as the server knows it. */
  presence(of: Person = this): Promise<PresenceState> {
    return this.ask("GET", this.presencePath(of));
  }

  /** What led to a person's present state. */
  why(of: Person = this): Promise<Why> {
    return this.ask("GET", `${this.presencePath(of)}/why`);
  }

  /** Asks for a state, of oneself or, as a supervisor, of another. */
  setState(of: Person, state: PresenceState["state"], more: object = {}): Promise<PresenceState> {
    return this.ask("POST", this.presencePath(of), { state, ...more });
  }

  /** Ends a person's session, if there is one, whatever work is open. */
  async endSession(of: Person): Promise<void> {
    if ((await this.presence(of)).state !== "offline") await this.setState(of, "offline", { forceLogout: true });
  }
}
