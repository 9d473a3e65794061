// A page as they have been written for ten years: a script tag, callbacks, nothing else.
"use strict";

var seen = { before: Object.keys(CxEngage), answers: {}, topics: [] };

CxEngage.initialize({ baseUrl: desk.baseUrl });
seen.after = Object.keys(CxEngage);

function show(id, text) {
  document.getElementById(id).textContent = text;
}

// What a call was answered, once for each time that it was.
function answered(name, next) {
  return function (error, topic, response) {
    seen.answers[name] = (seen.answers[name] || []).concat({ error: error, topic: topic, response: response });
    document.getElementById("answers").appendChild(document.createElement("li")).textContent = name + ": " + (error ? error.message : topic);
    if (!error && next) next(response);
  };
}

CxEngage.subscribe("cxengage", function (error, topic) {
  seen.topics.push(topic);
});

CxEngage.subscribe("cxengage/session/state-change-response", function (error, topic, response) {
  show("state", response.state + (response.reason ? " (" + response.reason + ")" : ""));
  show("direction", response.direction);
});

CxEngage.subscribe("cxengage/session/direction-change-response", function (error, topic, response) {
  show("direction", response.direction);
});

CxEngage.subscribe("cxengage/session/ended", function (error, topic, response) {
  show("state", response.state);
});

var actions = {
  login: function () {
    CxEngage.authentication.login({ username: desk.username, password: desk.password }, answered("login", function (identity) {
      CxEngage.session.setActiveTenant({ tenantId: identity.defaultTenant }, answered("setActiveTenant"));
    }));
  },
  ready: function () {
    CxEngage.session.getDefaultExtension(answered("getDefaultExtension", function (extension) {
      CxEngage.session.goReady({ extensionValue: extension.value }, answered("goReady"));
    }));
  },
  lunch: function () {
    CxEngage.session.getUserConfig(answered("getUserConfig", function (response) {
      var list = response.result.reasonLists[1];
      var reason = list.reasons[0];
      CxEngage.session.goNotReady({ reasonInfo: { reason: reason.name, reasonId: reason.reasonId, reasonListId: list.id } }, answered("goNotReady"));
    }));
  },
  outbound: function () {
    CxEngage.session.setDirection({ direction: "outbound" }, answered("setDirection"));
  },
  present: function () {
    CxEngage.session.setPresenceState({ state: "notready" }, answered("setPresenceState"));
  },
  look: function () {
    CxEngage.session.getActiveUserId(answered("getActiveUserId"));
    CxEngage.session.getActiveTenantId(answered("getActiveTenantId"));
    CxEngage.session.getExtensions(answered("getExtensions"));
    CxEngage.session.getTenantDetails(answered("getTenantDetails"));
    CxEngage.session.getRunningSessionState(answered("getRunningSessionState"));
    CxEngage.session.getMonitoredInteraction(answered("getMonitoredInteraction"));
    CxEngage.session.setLocale("en-GB", answered("setLocale"));
    CxEngage.authentication.getAuthInfo({ username: desk.username }, answered("getAuthInfo"));
    CxEngage.reporting.getAvailableStats(answered("getAvailableStats"));
  },
  logout: function () {
    CxEngage.authentication.logout(answered("logout"));
  },
};

Object.keys(actions).forEach(function (id) {
  document.getElementById(id).addEventListener("click", actions[id]);
});
