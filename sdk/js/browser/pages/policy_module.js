// A module, under a policy that allows as little as possible.
import { createClient, everything } from "muster-sdk";

const { baseUrl, username, password, tenantId } = globalThis.desk;
globalThis.seen = { heartbeats: 0, violations: globalThis.violations };

const { authentication, session, subscribe } = createClient({ baseUrl, ...everything });
subscribe("cxengage/session/heartbeat-response", ({ error }) => {
  if (!error) seen.heartbeats++;
});
subscribe("cxengage/session/state-change-response", ({ response }) => {
  document.getElementById("state").textContent = response.state;
});

const ready = () => session.goReady({ extensionValue: session.getDefaultExtension().value });

try {
  await authentication.login({ username, password });
  await session.setActiveTenant({ tenantId });
  await ready();
  await session.setDirection({ direction: "outbound" });
  await session.goNotReady();
  await ready();
  seen.worked = true;
} catch (error) {
  seen.failure = `${error} ${JSON.stringify(error)}`;
}
