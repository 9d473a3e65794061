// Nothing but initialize(): what evaluating this takes is what initialize() takes.
"use strict";

CxEngage.initialize({ baseUrl: desk.baseUrl });
var seen = { initialized: true };
