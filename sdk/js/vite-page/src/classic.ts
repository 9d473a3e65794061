import "muster-sdk/cxengage.js";

const sdk = CxEngage.initialize({ baseUrl: "http://127.0.0.1:8080/v1/" });

sdk?.subscribe?.("cxengage/session/state-change-response", (error, topic, response) => {
  if (!error) console.log(topic, response?.state);
});

sdk?.authentication?.login({ username: "agent@demo.example", password: "demo-password" }, (error, topic, response) => {
  console.log(error?.code, topic, response);
});
