// Reads the token in the tick in which it wants it, and decodes it as pages do, to see how long it lives.
"use strict";

var seen = {};

CxEngage.initialize({ baseUrl: desk.baseUrl });
seen.before = CxEngage.session.getToken();

// A base64url reader as it is found in pages: without the letters of URLs, without padding, without UTF-8.
function claims(token) {
  return JSON.parse(atob(token.split(".")[1]));
}

CxEngage.authentication.login({ username: desk.username, password: desk.password, ttl: 86400 }, function (error) {
  if (error) return;
  var token = CxEngage.session.getToken();
  var hours = (claims(token).exp - Date.now() / 1000) / 3600;
  seen.after = { hours: hours, userId: claims(token)["user-id"], same: token === CxEngage.dumpState().authentication.token };
  // Some do not go ready on a token that ends before the day does.
  if (hours < 9) return;
  var request = new XMLHttpRequest(); // and ask the server past the SDK
  request.open("GET", desk.baseUrl + "me");
  request.setRequestHeader("Authorization", "Token " + CxEngage.session.getToken());
  request.onload = function () {
    seen.asked = request.status;
    CxEngage.session.setToken("");
    seen.cleared = [CxEngage.session.getToken()];
    CxEngage.session.setToken(token);
    seen.set = CxEngage.session.getToken() === token;
    CxEngage.session.setActiveTenant({ tenantId: desk.tenantId });
  };
  request.send();
});

CxEngage.subscribe("cxengage/session/state-change-response", function (error, topic, response) {
  document.getElementById("state").textContent = response.state;
});
