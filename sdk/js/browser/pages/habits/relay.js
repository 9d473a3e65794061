// Has one subscriber for everything, which prints each event and relays it to another frame, as panels in a CRM do.
"use strict";

var seen = { events: [] };

CxEngage.initialize({ baseUrl: desk.baseUrl });

var frame = document.body.appendChild(document.createElement("iframe"));

// What is relayed must survive structured clone; what does not, throws here.
CxEngage.subscribe("cxengage", function (error, topic, response) {
  frame.contentWindow.postMessage({ error: error, topic: topic, response: response }, "*");
  seen.events.push(JSON.stringify({ error: error, topic: topic, response: response }));
  if (topic === "cxengage/session/state-change-response") document.getElementById("state").textContent = response.state;
  throw new Error("the panel has a mistake of its own");
});

CxEngage.authentication.login({ username: desk.username, password: desk.password }, function (error) {
  if (error) return;
  CxEngage.session.getToken();
  CxEngage.session.getSSOToken();
  CxEngage.session.setToken(CxEngage.session.getToken());
  var id = "00000000-0000-4000-8000-000000000000";
  CxEngage.session.setActiveTenant({ tenantId: desk.tenantId }).then(function () {
    return CxEngage.session.goReady({ extensionValue: "no such extension" });
  }).catch(function (error) {
    seen.refused = error.code;
    return CxEngage.session.goNotReady({ reasonInfo: { reason: "None", reasonId: id, reasonListId: id } });
  }).catch(function () {
    return CxEngage.session.goReady({ extensionValue: CxEngage.session.getDefaultExtension().value });
  }).then(function () {
    return CxEngage.authentication.logout();
  }).then(function () {
    seen.token = CxEngage.session.getToken();
    seen.worked = true;
  });
});
