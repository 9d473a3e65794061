// A page that is to be small: an agent's modules and no feature. A bundler makes agent.min.js of it.
import { changes, createClient, entrance, login } from "muster-sdk";

globalThis.seen = { told: [] };

const { baseUrl, username, password } = globalThis.desk;
const client = createClient({ baseUrl, modules: [login, entrance, changes], features: [] });
const { authentication, session } = client;

client.subscribe("cxengage/session", ({ topic, error, response }) => {
  const name = topic.split("/").at(-1);
  if (error) seen.told.push([name, error.code]);
  else if (name === "direction-change-response") seen.told.push([name, response.direction]);
  else if (/^(state-change-response|connection|ended)$/.test(name)) seen.told.push([name, response.state ?? response.connected]);
  if (response?.state) document.querySelector("#state").textContent = response.state;
});

const on = (id, act) => document.getElementById(id).addEventListener("click", act);

on("ready", () => session.goReady({ extensionValue: session.getDefaultExtension().value }));
on("outbound", () => session.setDirection({ direction: "outbound" }));
on("logout", () => authentication.logout());

const identity = await authentication.login({ username, password });
await session.setActiveTenant({ tenantId: identity.defaultTenant });
seen.in = session.getActiveTenantId();
