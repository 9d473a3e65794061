// Rewrites payloads in place, before anybody else has read them: the first subscriber spoils what it can.
"use strict";

var seen = { spoilt: 0, clean: true, calledBack: 0 };

function spoil(value) {
  if (value === null || typeof value !== "object") return;
  seen.spoilt++;
  Object.keys(value).forEach(function (key) {
    spoil(value[key]);
    if (Array.isArray(value)) return;
    delete value[key];
  });
  if (Array.isArray(value)) value.length = 0;
  else value.spoilt = true;
}

function isSpoilt(value) {
  return JSON.stringify(value === undefined ? null : value).includes("spoilt");
}

function check(what, value) {
  if (isSpoilt(value)) seen.clean = what;
}

/** A callback that spoils what it is given. */
function spoiling(name) {
  return function (error, topic, response) {
    check(name, error);
    check(name, response);
    spoil(error);
    spoil(response);
    seen.calledBack++;
  };
}

CxEngage.initialize({ baseUrl: desk.baseUrl });

CxEngage.subscribe("cxengage", function (error, topic, response) {
  spoil(error);
  spoil(response);
});

CxEngage.subscribe("cxengage/session", function (error, topic, response) {
  check(topic, response);
  check(topic, error);
  spoil(response);
});

CxEngage.subscribe("cxengage/session/state-change-response", function (error, topic, response) {
  document.getElementById("state").textContent = response.state;
});

async function work() {
  check("the promise of login", await CxEngage.authentication.login({ username: desk.username, password: desk.password }, spoiling("login")));
  spoil(await CxEngage.session.setActiveTenant({ tenantId: desk.tenantId }));
  // What a callback is given is nobody else's: neither the promise's nor the SDK's.
  check("the promise of getUserConfig", await CxEngage.session.getUserConfig(spoiling("getUserConfig")));
  check("the configuration", CxEngage.session.getExtensions());
  // What a getter gives is the page's own too.
  spoil(CxEngage.session.getExtensions());
  spoil(CxEngage.session.getDefaultExtension());
  spoil(CxEngage.dumpState());
  spoil(await CxEngage.session.getUserConfig());
  spoil(await CxEngage.reporting.getAvailableStats());
  check("stats", await CxEngage.reporting.getAvailableStats());
  check("state", CxEngage.dumpState());
  check("extensions", CxEngage.session.getExtensions());
  // And so are parameters: a page uses the object again as soon as the call has returned.
  var parameters = { extensionValue: CxEngage.session.getDefaultExtension().value };
  var readying = CxEngage.session.goReady(parameters);
  spoil(parameters);
  spoil(await readying);
  var id = "00000000-0000-4000-8000-000000000000";
  await CxEngage.session.goNotReady({ reasonInfo: { reason: "None", reasonId: id, reasonListId: id } }, spoiling("goNotReady")).catch(function (error) {
    check("the rejection of goNotReady", error);
    seen.reasonLists = error.data.validReasons.length;
    check("error", error.data);
    spoil(error.data);
  });
  check("state", CxEngage.dumpState());
  seen.extensions = CxEngage.session.getExtensions().length;
  seen.worked = true;
}

work().catch(function (error) {
  seen.failure = String(error);
});
