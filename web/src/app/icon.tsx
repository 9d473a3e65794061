/** Pen strokes of 16 by 16. They are decoration: whoever uses one says in words what it means. */
const strokes = {
  // actions
  chevron: "m4.5 6.5 3.5 3.5 3.5-3.5",
  right: "m6.5 4.5 3.5 3.5-3.5 3.5",
  close: "m4 4 8 8m0-8-8 8",
  check: "m3.5 8.5 3 3 6-7",
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zm3.6-1.4L14 14",
  settings: "M2 4.5h7m3 0h2M2 11.5h2m3 0h7M10.5 2.75v3.5M5.5 9.75v3.5",
  question: "M5.75 6.25a2.25 2.25 0 1 1 3.4 1.9c-.75.45-1.15.85-1.15 1.6m0 2.5v.01",
  warning: "M8 2.25 14.25 13H1.75zM8 6.25v3.25m0 1.75v.25",
  info: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zm0-6.5V11m0-6v.25",
  person: "M8 8a2.75 2.75 0 1 0 0-5.5A2.75 2.75 0 0 0 8 8zm-5 5.5c.5-2.5 2.5-3.75 5-3.75s4.5 1.25 5 3.75",
  leave: "M6.5 2.5h-3v11h3M7 8h6.5m-2.5-2.75L13.75 8 11 10.75",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zm0-9.25V8l2.25 1.5",
  keyboard: "M2 4.5h12v7H2zm2.5 2.5h.01M7 7h.01M9.25 7h.01m2.24 0h.01M5.5 9.5h5",
  // work
  voice: "M4 2.5h2L7 5.75 5.6 7a7 7 0 0 0 3.4 3.4L10.25 9l3.25 1v2c0 .9-.6 1.5-1.5 1.5C7 13.5 2.5 9 2.5 4c0-.9.6-1.5 1.5-1.5z",
  chat: "M2.5 3h11v7.5H8L4.75 13v-2.5H2.5z",
  email: "M2 3.75h12v8.5H2zm0 .5 6 4.5 6-4.5",
  work: "M2.5 5h11v8h-11zM6 5V3h4v2",
  inbound: "M12.5 3.5 4 12m0-5.5V12h5.5",
  outbound: "M3.5 12.5 12 4m-5.5 0H12v5.5",
  "agent-initiated": "M8 7.25a2.25 2.25 0 1 0 0-4.5 2.25 2.25 0 0 0 0 4.5zM3.5 13c.4-2.3 2.2-3.5 4.5-3.5m1.5 2.25h4m-1.75-2L13.75 12 11.75 14",
  // the floor
  rows: "M2.5 4h11M2.5 8h11M2.5 12h11",
  tiles: "M2.75 2.75h4v4h-4zm6.5 0h4v4h-4zm-6.5 6.5h4v4h-4zm6.5 0h4v4h-4z",
  listen: "M2.5 9.5V8a5.5 5.5 0 0 1 11 0v1.5m-11 0c0-.6.5-1 1-1h1v4.5h-1c-.5 0-1-.4-1-1zm11 0c0-.6-.5-1-1-1h-1v4.5h1c.5 0 1-.4 1-1z",
  up: "M8 13V3.5M4 7l4-4 4 4",
  down: "M8 3v9.5M4 9l4 4 4-4",
} as const;

const ring = <circle cx="8" cy="8" r="5.25" />;
const broken = <circle cx="8" cy="8" r="5.25" stroke-dasharray="2.2 2" stroke-linecap="butt" />;

/** The states: each has a shape of its own, so that colour is never alone. */
const states = {
  ready: <circle cx="8" cy="8" r="5.25" fill="currentColor" />,
  busy: (
    <>
      {ring}
      <path d="M8 2.75a5.25 5.25 0 0 1 0 10.5z" fill="currentColor" stroke="none" />
    </>
  ),
  notready: (
    <>
      {ring}
      <path d="M5.5 8h5" stroke-width="2" />
    </>
  ),
  offline: ring,
  unknown: broken,
  lost: (
    <>
      {broken}
      <path d="m4.5 11.5 7-7" />
    </>
  ),
} as const;

export type IconName = keyof typeof strokes | keyof typeof states;

const isStroke = (name: string): name is keyof typeof strokes => Object.hasOwn(strokes, name);

export const isIconName = (name: string): name is IconName => isStroke(name) || Object.hasOwn(states, name);

export const Icon = ({ name, size = 16 }: { name: IconName; size?: number }) => (
  <svg class="icon" viewBox="0 0 16 16" width={size} height={size} aria-hidden="true" focusable="false">
    {isStroke(name) ? <path d={strokes[name]} /> : states[name]}
  </svg>
);
