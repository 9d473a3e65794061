// A life with everything in it that goes over the network: both kinds of stream, uploads of errors, several tokens, a refused one.
"use strict";

var seen = { tokens: [], channel: [], events: [] };

CxEngage.initialize({ baseUrl: desk.baseUrl, logLevel: "debug" });

CxEngage.subscribe("cxengage", function (error, topic, response) {
  seen.events.push(JSON.stringify({ error: error, topic: topic, response: response }));
  if (topic === "cxengage/logging/logs-saved" && !error) seen.uploaded = true;
  if (topic === "cxengage/errors/error/token-expired") seen.expired = true;
  if (topic === "cxengage/session/state-change-response") document.getElementById("state").textContent = response.state;
});

// What other tabs hear.
new BroadcastChannel("muster/1/" + desk.baseUrl + "/" + desk.tenantId + "/" + desk.userId).onmessage = function (event) {
  seen.channel.push(JSON.stringify(event.data));
};

function remember() {
  seen.tokens.push(CxEngage.session.getToken());
}

async function work() {
  await CxEngage.authentication.login({ username: desk.username, password: "not-" + desk.password }).catch(function () {});
  await CxEngage.authentication.login({ username: desk.username, password: desk.password });
  remember();
  await CxEngage.session.setActiveTenant({ tenantId: desk.tenantId });
  await CxEngage.session.goReady({ extensionValue: CxEngage.session.getDefaultExtension().value });
  // Errors are uploaded: one of the page's, one of the server's.
  await CxEngage.session.goReady({ extensionValue: "no such extension" }).catch(function () {});
  await CxEngage.session.setDirection({ direction: "outbound", agentId: "00000000-0000-4000-8000-000000000000" }).catch(function () {});
  await CxEngage.authentication.login({ username: desk.username, password: desk.password, noStateReset: true });
  remember();
  // A token that is refused, and the good one again.
  var good = CxEngage.session.getToken();
  CxEngage.session.setToken(desk.otherToken);
  remember();
  CxEngage.session.setToken(good.slice(0, -2) + "xx");
  remember();
  var config = CxEngage.session.getUserConfig();
  await new Promise(function (resolve) { CxEngage.subscribe("cxengage/errors/error/token-expired", resolve); });
  CxEngage.session.setToken(good);
  await config;
  seen.worked = true;
}

work().catch(function (error) {
  seen.failure = String(error);
});

document.getElementById("logout").addEventListener("click", async function () {
  await CxEngage.authentication.logout();
  seen.left = true;
});
