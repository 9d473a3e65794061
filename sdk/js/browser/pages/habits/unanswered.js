// Calls without a callback and without await, one after another, also what cannot succeed.
"use strict";

var seen = { unhandled: [], topics: [] };

addEventListener("unhandledrejection", function (event) {
  seen.unhandled.push(String(event.reason));
});

CxEngage.initialize({ baseUrl: desk.baseUrl });

CxEngage.subscribe("cxengage", function (error, topic) {
  seen.topics.push(topic + (error ? " " + error.code : ""));
});

// Too early, too few, too many, of the wrong kind: all of this is in pages.
CxEngage.session.goReady();
CxEngage.session.goReady({ extensionValue: "browser" });
CxEngage.session.setActiveTenant({ tenantId: "no uuid" });
CxEngage.session.setDirection({ direction: "sideways" });
CxEngage.session.getUserConfig();
CxEngage.session.goNotReady("lunch");
CxEngage.session.setPresenceState({}, null, 3);
CxEngage.authentication.logout();
CxEngage.authentication.login({ username: desk.username, password: "wrong" });

CxEngage.subscribe("cxengage/authentication/login-response", function (error) {
  if (error) CxEngage.authentication.login({ username: desk.username, password: desk.password });
  else CxEngage.session.setActiveTenant({ tenantId: desk.tenantId });
});

CxEngage.subscribe("cxengage/session/started", function () {
  // In this order, and none waits for another.
  CxEngage.session.goReady({ extensionValue: "browser" });
  CxEngage.session.goNotReady();
  CxEngage.session.setDirection({ direction: "outbound" });
  CxEngage.session.goReady({ extensionValue: "no such extension" });
  CxEngage.session.goReady({ extensionValue: "+49301234001" });
  CxEngage.reporting.getAvailableStats();
});

CxEngage.subscribe("cxengage/session/state-change-response", function (error, topic, response) {
  document.getElementById("state").textContent = response.state;
});
