import "muster-sdk/cxengage.js";

// @ts-expect-error: before initialize nothing is there
const early = () => CxEngage.session.goNotReady();

const sdk = CxEngage.initialize({ baseUrl: "http://127.0.0.1:8080/v1/" });
if (!sdk) throw new Error("the options are invalid");

// They are exported for their declarations, in which each type needs a name.
export const { login, logout } = sdk.authentication;
export const { goReady, getToken } = sdk.session;
export const { authentication, dumpState, entities, floor, interactions, publish, reporting, session, subscribe, unsubscribe } = sdk;

const id = subscribe("cxengage/session/state-change-response", (error, topic, change, subscriptionId) => {
  if (error) return console.error(topic, error.code === 4000 ? error.data.activeInteractions.length : error.message);
  console.log(topic, change.state, subscriptionId);
});

subscribe("cxengage/session", (error, topic, response) => {
  if (!error && topic === "cxengage/session/ended") console.log(response.endCode, unsubscribe(id));
});

subscribe("cxengage", (error) => error && console.error(error.code));

authentication.login({ username: "agent@demo.example", password: "demo-password" }, (error, _topic, me) => {
  if (error) return;
  const tenantId = me.defaultTenant ?? me.tenants[0]?.tenantId;
  if (tenantId) session.setActiveTenant({ tenantId }, (error) => error || console.log(CxEngage.subscribe && CxEngage.session.getActiveTenantId()));
});

const extension = session.getDefaultExtension();
if (extension) session.goReady({ extensionValue: extension.value }, (error, _topic, now) => error || console.log(now.stateSince));

// What is not served can be tested for, and called where it is there.
if (interactions.voice.dial) interactions.voice.dial({ phoneNumber: "+4930123" }, (error, _topic, response) => console.log(error ?? response));
if (entities.getUsers) entities.getUsers((error, _topic, users) => console.log(error ?? users));
// @ts-expect-error: what is served is not to be mistyped
if (interactions.voice.silentMonitr) early();
// @ts-expect-error: a callback may be told of an error
authentication.logout((_error, _topic, now) => console.log(now.state));
