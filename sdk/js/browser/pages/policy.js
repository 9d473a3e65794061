// Everything that a desk does, under a policy that allows as little as possible.
"use strict";

var seen = { heartbeats: 0, violations: violations };

function failed(error) {
  seen.failure = String(error) + " " + JSON.stringify(error);
}

async function work() {
  CxEngage.initialize({ baseUrl: desk.baseUrl });
  CxEngage.subscribe("cxengage/session/heartbeat-response", function (error) {
    if (!error) seen.heartbeats++;
  });
  CxEngage.subscribe("cxengage/session/state-change-response", function (error, topic, response) {
    document.getElementById("state").textContent = response.state;
  });
  await CxEngage.authentication.login({ username: desk.username, password: desk.password });
  await CxEngage.session.setActiveTenant({ tenantId: desk.tenantId });
  await CxEngage.session.goReady({ extensionValue: CxEngage.session.getDefaultExtension().value });
  await CxEngage.session.setDirection({ direction: "outbound" });
  await CxEngage.session.getUserConfig();
  await CxEngage.session.goNotReady();
  await CxEngage.session.goReady({ extensionValue: CxEngage.session.getDefaultExtension().value });
  seen.worked = true;
}

work().catch(failed);
