import type { Core } from "./core.js";
import type { AgentNotificationMessage, SelfRow } from "./wire.js";

/** What the stream tells of silent monitoring in one session. */
export interface Monitoring {
  /** Takes a message, and says whether it is of this kind. */
  notified: (message: AgentNotificationMessage) => boolean;
  /** Tells what differs in a snapshot from what was told last. */
  differs: (row: SelfRow) => void;
  /** The interaction that the user listens to, null for none. */
  monitored: () => string | null;
}

export type CreateMonitoring = (publish: (topic: string, response: unknown) => void) => Monitoring;

export const createMonitoring =
  (core: Core): CreateMonitoring =>
  (publish) => {
    let monitored: string | null = null;

    const notified = (m: AgentNotificationMessage): boolean => {
      const { notificationType } = m;
      if (!/^silent-monitor-(start|end)$/.test(notificationType)) return false;
      monitored = notificationType === "silent-monitor-end" ? null : m.interactionId;
      publish("cxengage/interactions/voice/" + notificationType, m);
      core.monitored = monitored;
      return true;
    };

    const differs = ({ monitoredInteractionId, resourceId, sessionId, timestamp }: SelfRow): void => {
      if (monitoredInteractionId === undefined || monitoredInteractionId === monitored) return; // of a tab that does not know
      const notificationType = monitoredInteractionId ? "silent-monitor-start" : "silent-monitor-end";
      notified({ type: "agent-notification", notificationType, interactionId: monitoredInteractionId ?? monitored ?? "", resourceId, sessionId: sessionId!, timestamp });
    };

    return { notified, differs, monitored: () => monitored };
  };
