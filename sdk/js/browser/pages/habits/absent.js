// Looks what there is before it calls it: whether the SDK is initialized, and what this server serves.
"use strict";

var seen = { was: typeof CxEngage.subscribe };

if (typeof CxEngage.subscribe === "undefined") CxEngage.initialize({ baseUrl: desk.baseUrl });
seen.is = typeof CxEngage.subscribe;

// A module is asked for a function; one that is no object would throw here.
seen.absent = [
  CxEngage.entities.getQueues,
  CxEngage.entities.getUsers,
  CxEngage.contacts.search,
  CxEngage.api.createEntity,
  CxEngage.interactions.acceptInteraction,
  CxEngage.interactions.endInteraction,
  CxEngage.interactions.messaging,
  CxEngage.interactions.voice.dial,
  CxEngage.interactions.voice.mute,
].map(function (part) { return typeof part; });

seen.modules = ["authentication", "session", "interactions", "entities", "reporting", "contacts", "api", "logging"].map(function (name) {
  return typeof CxEngage[name];
});

seen.present = [
  CxEngage.interactions.voice.silentMonitor,
  CxEngage.interactions.voice.resourceRemove,
  CxEngage.reporting.getAvailableStats,
  CxEngage.reporting.addStatSubscription,
  CxEngage.reporting.removeStatSubscription,
  CxEngage.reporting.bulkRemoveStatSubscription,
  CxEngage.session.getSSOToken,
  CxEngage.session.getSsoToken,
].map(function (part) { return typeof part; });

if (CxEngage.entities.getQueues) CxEngage.entities.getQueues();

CxEngage.authentication.login({ username: desk.username, password: desk.password }, function (error) {
  if (!error) CxEngage.session.setActiveTenant({ tenantId: desk.tenantId });
});

CxEngage.subscribe("cxengage/session/state-change-response", function (error, topic, response) {
  document.getElementById("state").textContent = response.state;
});

CxEngage.subscribe("cxengage/session/started", function () {
  CxEngage.reporting.getAvailableStats(function (error, topic, response) {
    seen.stats = Object.keys(response).length;
    // What desktops do with them, which no stat may be without.
    Object.keys(response).forEach(function (key) {
      response[key].responseKeys.concat(response[key].optionalFilters).forEach(String);
    });
  });
  CxEngage.reporting.addStatSubscription({ statistic: "queue-length" }, function (error, topic, response) {
    seen.subscribed = response;
    CxEngage.reporting.removeStatSubscription({ statId: response.statId }, function (error) {
      CxEngage.reporting.bulkRemoveStatSubscription({ statIds: [] }, function (error) {
        seen.worked = !error;
      });
    });
  });
});
