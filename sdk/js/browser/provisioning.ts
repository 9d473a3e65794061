/** Everybody's. */
export const password = "a-password-for-tests";

/** Of settings that tests shorten; durations such as "1s". The defaults are those of examples/demo.yaml. */
export interface Settings {
  heartbeatDelay?: string;
  heartbeatGrace?: number;
  beatDelay?: string;
  beatGrace?: number;
  lostAfter?: string;
  notReadyAfter?: string;
  endAfter?: string;
  offlineWithWork?: "refuse" | "wait";
  workLimit?: number;
}

const member = (key: string, roles: string[], extensions = true) => ({
  tenant: key,
  roles,
  ...(extensions
    ? {
        extensions: [
          { type: "webrtc", value: "browser", description: "Browser", provider: "twilio", region: "gll", sdkVersion: "2.0" },
          { type: "pstn", value: "+49301234001", description: "Mobile phone" },
        ],
        activeExtension: "browser",
      }
    : {}),
});

const user = (username: string, lastName: string, roles: string[], extensions = true) => ({
  username,
  firstName: "Test",
  lastName,
  password,
  defaultTenant: "desk",
  tenants: [member("desk", roles, extensions), member("annex", roles, extensions)],
});

const roles = [
  { key: "agent", name: "Agent", permissions: ["ARTIFACTS_CREATE_ALL", "MANAGE_MY_DIRECTION", "AGENT_EXPERIENCE_METRICS_VIEW"] },
  {
    key: "supervisor",
    name: "Supervisor",
    permissions: [
      "VIEW_ALL_PRESENCE",
      "MANAGE_ALL_USER_STATE",
      "MANAGE_ALL_USERS_DIRECTION",
      "MANAGE_ALL_USER_REASON_LISTS",
      "MONITOR_ALL_CALLS",
      "VIEW_ALL_MONITORED_CALLS",
      "BARGE_ALL_CALLS",
      "MANAGE_TENANT",
    ],
  },
  { key: "router", name: "Router", permissions: ["MANAGE_WORK", "VIEW_ALL_PRESENCE"] },
];

const tenant = (key: string, name: string, settings: Settings) => ({
  key,
  name,
  region: "local",
  timezone: "Europe/Berlin",
  passwordLogin: true,
  identityProviders: [{ key: "idp", name: "Sign-on", client: "desk-client", domain: "idp.desk.example" }],
  settings,
  roles,
  reasonLists: [
    {
      key: "breaks",
      name: "Breaks",
      default: true,
      reasons: [
        { key: "lunch", name: "Lunch", sortOrder: 1, hierarchy: ["Breaks"] },
        { key: "screen-break", name: "Screen break", sortOrder: 2, hierarchy: ["Breaks", "Health"] },
      ],
    },
  ],
});

/** Two tenants, Desk and Annex, and a few users who are members of both. It is JSON, which is YAML too. */
export const provisioning = (settings: Settings = {}): string =>
  JSON.stringify({
    regions: [{ key: "local", name: "Local" }],
    tenants: [tenant("desk", "Desk", settings), tenant("annex", "Annex", settings)],
    users: [
      user("agent@desk.example", "Agent", ["agent"]),
      user("colleague@desk.example", "Colleague", ["agent"]),
      user("newcomer@desk.example", "Newcomer", ["agent"]),
      user("supervisor@desk.example", "Supervisor", ["agent", "supervisor"]),
      user("router@desk.example", "Router", ["router"], false),
    ],
  });
