// A page that forgets everything at log-out, as desktops do: it loads itself anew in the same tick.
"use strict";

var seen = { loaded: performance.getEntriesByType("navigation")[0].type };

CxEngage.initialize({ baseUrl: desk.baseUrl });

document.getElementById("login").addEventListener("click", async function () {
  await CxEngage.authentication.login({ username: desk.username, password: desk.password });
  await CxEngage.session.setActiveTenant({ tenantId: desk.tenantId });
  if (desk.ready) await CxEngage.session.goReady({ extensionValue: CxEngage.session.getDefaultExtension().value });
  seen.entered = true;
});

document.getElementById("logout").addEventListener("click", function () {
  CxEngage.authentication.logout();
  location.reload();
});
