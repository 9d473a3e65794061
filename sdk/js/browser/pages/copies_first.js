// The second copy takes the global's place.
"use strict";

var copies = [CxEngage];
