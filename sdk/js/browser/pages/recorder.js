// A page that goes into its tenant and keeps a record of everything that it is told.
"use strict";

const record = [];
const seen = { entered: false, failed: null };

CxEngage.initialize({ baseUrl: desk.baseUrl, transport: desk.transport });
CxEngage.subscribe("cxengage", (error, topic, response) => record.push({ at: Date.now(), error, topic, response }));

/** Calls a function of a module's; how it ended, as its callback was told. */
const call = (module, name, params) =>
  new Promise((resolve) => CxEngage[module][name](params, (error, topic, response) => resolve({ error, topic, response })));

const enter = async () => {
  await CxEngage.authentication.login({ token: desk.token });
  await CxEngage.session.setActiveTenant({ tenantId: desk.tenantId, resume: desk.resume, noSession: desk.noSession });
};

enter().then(
  () => (seen.entered = true),
  (error) => (seen.failed = String(error)),
);
