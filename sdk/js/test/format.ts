/// <reference types="vite/client" />
import { parse } from "yaml";
import { type Fields, filler } from "./values.js";

// The format is specified in api/scenarios/README.md. These types are it, in TypeScript.

export interface ScenarioFile {
  about: string;
  scenarios: Scenario[];
}

export interface Scenario {
  title: string;
  start: string;
  only?: string[];
  shows?: Plumbing[];
  options?: Fields;
  remembered?: unknown;
  steps: Step[];
}

export type Plumbing = "heartbeats" | "stream" | "uploads";

/** A stimulus and what must follow. */
export interface Step {
  tab?: string;

  call?: string;
  params?: unknown;
  args?: unknown[];
  as?: string;
  initialize?: Fields;
  answer?: Answer;
  bring?: string;
  push?: unknown;
  frame?: unknown;
  stream?: "open" | "cut" | "away" | "back";
  refuse?: Answer;
  close?: { code: number; reason: string };
  advance?: string;
  until?: "request" | "stream";
  subscribe?: { topic: string; as: string; throws?: boolean; spoils?: boolean };
  unsubscribe?: string;
  leave?: string;
  closeTab?: string;

  anyOrder?: boolean;
  requests?: (string | WantedRequest)[];
  streams?: (string | WantedStream)[];
  frames?: unknown[];
  events?: WantedEvent[];
  heard?: Record<string, WantedEvent[]>;
  receivers?: string[];
  returns?: Record<string, Outcome>;
  callbacks?: Record<string, Outcome>;
  asks?: number;
  floor?: Record<string, unknown[]>;
  remembers?: unknown;
  tabs?: Record<string, { events?: WantedEvent[] }>;
}

export const stimuli = [
  "call", "initialize", "answer", "bring", "push", "frame", "stream", "refuse", "close", "advance", "subscribe", "unsubscribe", "leave", "closeTab",
] as const;

/** What the server answers. */
export interface Answer {
  to?: string;
  status?: number;
  headers?: Record<string, string>;
  result?: unknown;
  error?: string | Fields;
  body?: unknown;
  text?: string;
  cut?: boolean;
  always?: boolean;
}

export interface WantedRequest {
  send?: string;
  again?: string;
  body?: unknown;
  auth?: string;
  keepalive?: boolean;
}

export interface WantedStream {
  by: string;
  tenant?: string;
  view?: string;
  group?: string;
  cursor?: string;
  auth?: string;
}

export interface WantedEvent {
  topic: string;
  response?: unknown;
  error?: number | WantedError;
}

export interface Outcome extends Partial<WantedEvent> {
  throws?: string;
}

/** An error of the SDK in its short form. */
export interface WantedError {
  code: number;
  status?: number;
  body?: unknown;
  problems?: string[];
  data?: unknown;
}

/** What sections 6 and 7 of the contract name. */
export interface Vocabulary {
  functions: Record<string, { topic?: string; sync?: boolean; errors?: number[]; only?: string[]; never?: string }>;
  topics: Record<string, string>;
  codes: Record<string, { level: string; context: string }>;
}

const texts = import.meta.glob<string>("../../../api/scenarios/*.yaml", { query: "?raw", import: "default", eager: true });
const files = Object.fromEntries(Object.entries(texts).map(([path, text]) => [path.replace(/^.*\/|\.yaml$/g, ""), parse(text) as unknown]));
const { fixtures, beginnings, vocabulary, ...subjects } = files;

export const fill = filler(fixtures as Fields);

export const book = {
  words: vocabulary as Vocabulary,
  beginnings: fill(beginnings) as Record<string, { from?: string; steps: Step[] }>,
  files: fill(subjects) as Record<string, ScenarioFile>,
  token: fill("$token") as string,
  tenant: fill("$tenant") as string,
};

/** A topic as it is published: those of the session are written without their beginning. */
export const fullTopic = (topic: string): string => (topic === "cxengage" || topic.startsWith("cxengage/") ? topic : `cxengage/session/${topic}`);
