// The calls to the browser that loading the SDK and initialize() make, and nothing else.
"use strict";

new URL(desk.baseUrl);
crypto; navigator.locks; WebSocket; BroadcastChannel;
var lives = [new AbortController(), new AbortController()];
for (const type of ["online", "offline"]) addEventListener(type, () => {}, { signal: lives[0].signal });
document.addEventListener("visibilitychange", () => {}, { signal: lives[0].signal });
lives[0].signal.addEventListener("abort", () => {});
var seen = { initialized: true };
