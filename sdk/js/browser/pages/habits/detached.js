// Takes functions off their objects: by destructuring, as callbacks, through call with some other this.
"use strict";

var seen = { failures: [] };

var initialize = CxEngage.initialize;
initialize({ baseUrl: desk.baseUrl });

var { subscribe, unsubscribe, publish, dumpState } = CxEngage;
var { login, logout } = CxEngage.authentication;
var { setActiveTenant, getDefaultExtension, getActiveTenantId, goReady, setDirection } = CxEngage.session;
var getToken = CxEngage.session.getToken;
var stats = CxEngage.reporting.getAvailableStats;

var id = subscribe("cxengage/session/state-change-response", function (error, topic, response) {
  document.getElementById("state").textContent = response.state;
});

// Calls what a bag of functions has, as a framework does.
function invoke(act, parameters) {
  return new Promise(function (resolve, reject) {
    act.call(undefined, parameters, function (error, topic, response) {
      if (error) reject(new Error(error.message));
      else resolve(response);
    });
  });
}

[{ username: desk.username, password: desk.password }]
  .map(function (credentials) { return login(credentials); })[0]
  .then(function () { return invoke(setActiveTenant, { tenantId: desk.tenantId }); })
  .then(function () {
    return new Promise(function (resolve) { subscribe("cxengage/session/started", resolve); });
  })
  .then(function () { return goReady.apply({}, [{ extensionValue: getDefaultExtension().value }]); })
  .then(function () { return invoke(setDirection, { direction: "outbound" }); })
  .then(function () { return stats(); })
  .then(function (available) {
    seen.read = { token: getToken() === dumpState().authentication.token, tenant: getActiveTenantId(), stats: Object.keys(available).length };
    var own = [];
    subscribe("cxengage/own", function (error, topic, response) { own.push(response); });
    publish("cxengage/own/thing", { is: "here" });
    seen.own = own;
  })
  .catch(function (error) { seen.failures.push(String(error)); })
  .then(function () { seen.worked = true; });

seen.leave = function () {
  seen.unsubscribed = [unsubscribe(id), unsubscribe(id)];
  return logout();
};
