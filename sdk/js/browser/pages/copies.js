// Each copy of the SDK holds the session of somebody else.
"use strict";

var seen = { heartbeats: [0, 0], violations: violations };
copies.push(CxEngage);

async function work(copy, i) {
  copy.initialize({ baseUrl: desk.baseUrl });
  copy.subscribe("cxengage/session/heartbeat-response", function (error) {
    if (!error) seen.heartbeats[i]++;
  });
  await copy.authentication.login({ username: desk.usernames[i], password: desk.password });
  await copy.session.setActiveTenant({ tenantId: desk.tenantId });
}

Promise.all(copies.map(work)).then(
  function () {
    seen.worked = true;
  },
  function (error) {
    seen.failure = String(error) + " " + JSON.stringify(error);
  },
);
