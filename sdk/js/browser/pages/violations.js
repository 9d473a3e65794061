// Counts what the page's policy has forbidden.
"use strict";

var violations = [];

document.addEventListener("securitypolicyviolation", function (event) {
  violations.push(event.effectiveDirective + " " + event.blockedURI);
});
