// A new page: a module, promises, events by for await.
import { createClient, everything, isMusterError } from "%SERVER%/sdk/muster.js";

globalThis.seen = { states: [], results: {} };

const { baseUrl, username, password } = globalThis.desk;
const client = createClient({ baseUrl, ...everything });
const { authentication, session } = client;
const shut = new AbortController();
const state = document.querySelector("#state");

const watch = async () => {
  for await (const { response } of client.events("cxengage/session/state-change-response", { signal: shut.signal })) {
    seen.states.push(response?.state);
    state.textContent = response?.reason ? `${response.state} (${response.reason})` : response?.state;
  }
  seen.watched = true;
};
watch();

client.subscribe("cxengage/session/ended", ({ response }) => {
  state.textContent = response?.state ?? "";
});

const on = (id, act) => {
  document.getElementById(id).addEventListener("click", async () => {
    try {
      seen.results[id] = await act();
    } catch (error) {
      if (!isMusterError(error)) throw error;
      seen.results[id] = { error: { code: error.code, message: error.message, isError: error instanceof Error } };
    }
  });
};

on("ready", () => session.goReady({ extensionValue: session.getDefaultExtension().value }));
on("lunch", async () => {
  const { result } = await session.getUserConfig();
  const list = result.reasonLists.find(({ name }) => name === "Breaks");
  const { name: reason, reasonId } = list.reasons[0];
  return session.goNotReady({ reasonInfo: { reason, reasonId, reasonListId: list.id } });
});
on("wrong", () => {
  const id = "00000000-0000-4000-8000-000000000000";
  return session.goNotReady({ reasonInfo: { reason: "None", reasonId: id, reasonListId: id } });
});
on("outbound", () => session.setDirection({ direction: "outbound" }));
on("logout", async () => {
  const result = await authentication.logout();
  shut.abort();
  client.close();
  return result;
});

const identity = await authentication.login({ username, password });
await session.setActiveTenant({ tenantId: identity.defaultTenant });
// The promise is done when the agent really is in.
seen.in = { tenant: session.getActiveTenantId(), states: [...seen.states], now: client.now().toISOString() };
