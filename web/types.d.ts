// The shapes that cross a border of the page: messages to and from the workers, and
// the functions of the viewer. The messages of the sampler and of the converter are
// generated from wasm/protocol and wasm/converter; wasm/viewer is the other side of the
// viewer.

export * from './engine/messages.js';
export type { Converted, Facts, Line, Refused } from './own/messages.js';
import type {
  Cancelled,
  Describe,
  Done,
  Failed,
  Followed,
  Measure,
  Measured,
  Measuring,
  Message,
  Paused,
  Request,
  Run,
  Started,
  Step,
  Term,
} from './engine/messages.js';
import type { Message as Converting } from './own/messages.js';

/** What the stage must know of a run. */
export type RunShape = Pick<Started, 'steps' | 'images' | 'channels' | 'height' | 'width' | 'columns'> & Partial<Pick<Started, 'first'>> & {forks?: number[]};

/** Pixels that a recipe begins with. */
export type Inputs = Pick<Run, 'image' | 'mask'>;

/** How a recipe is changed before it is described. */
export type Changes = Pick<Describe, 'without' | 'set' | 'spelled'>;

/** What to estimate of a picture, and how. */
export type Estimated = Omit<Measure, 'type' | 'id'>;

/** What the page hears of a run. */
export type RunMessage = Started | Step | Paused | Done | Followed | Cancelled | Failed;

/** What the page hears of an estimate. */
export type EstimateMessage = Measuring | Term | Paused | Measured | Cancelled | Failed;

/** What a worker is asked: by requests, and by messages to web/engine/worker.js itself. */
export type ToWorker = Request | Given | Ahead | Took | Live | Helped | Helps;

/** What a worker says: the sampler, and web/engine/worker.js itself. */
export type FromWorker = Message | Gone | Compiled | Alive;

/** The program of a worker that waits for it. */
export interface Given {
  type: 'sampler';
  module?: WebAssembly.Module;
  bytes?: BufferSource;
}

/** How many pictures the worker may send that the page has not taken; 0 for any number. */
export interface Ahead {
  type: 'ahead';
  most: number;
}

/** The page has taken some pictures. */
export interface Took {
  type: 'took';
  pictures: number;
}

/** The worker is to hold a lock as long as it lives. */
export interface Live {
  type: 'live';
  lock: string;
}

/** Another worker makes passes for the worker's runs, and answers at the port; without one no worker does. */
export interface Helped {
  type: 'helped';
  port?: MessagePort;
}

/** The worker makes passes for another one, which asks at the port. */
export interface Helps {
  type: 'helps';
  port: MessagePort;
}

/** It holds the lock. */
export interface Alive {
  type: 'alive';
}

/** The failure of a request because the sampler itself is gone. */
export interface Gone extends Failed {
  gone: true;
}

/** The program that a worker has compiled, with which another can start. */
export interface Compiled {
  type: 'compiled';
  module: WebAssembly.Module;
}

/** The functions that the Go viewer leaves in its window. */
export interface Viewer {
  /** Shows a drawing, as Packer makes it; answers what is wrong with it, or an empty text. */
  draw(background: number, width: number, height: number, marks: Int32Array, pixels: Uint8Array): string;
  /** Shows a scene of the lab, as its Packer makes it; answers likewise. */
  plane(ints: Int32Array, floats: Float32Array): string;
  drawn(callback: () => void): void;
}

/** What the stage's document tells the page that frames it. */
export interface StageMessage {
  type: 'viewer';
  state: 'up' | 'gone';
}

/** A model of web/models.json, the list that tools/pack makes of the weights. */
export interface ModelEntry {
  name: string;
  title: string;
  bytes: number;
  classes: string[];
  licence: string;
  data: string;
  /** Whether there is a classifier that a recipe can be guided by. */
  guided?: boolean;
  /** Channels, height and width of a picture; not there for a cascade. */
  shape?: number[];
  /** Whether a person has brought it. */
  yours?: boolean;
  /** Its small picture, as a data: address, where web/thumbnails.json has none. */
  picture?: string;
}

/** Files to make a model of, and what web/own/worker.js is told beside them. */
export interface ConvertRequest {
  type: 'convert';
  files: { path: string; file: File }[];
  options: [flag: string, value: string][];
}

/** How much of the converter has arrived; total is 0 where it is not known. */
export interface ConverterArrives {
  type: 'loading';
  done: number;
  total: number;
}

/** What web/own/worker.js says. Each request ends exactly once: converted or refused. */
export type FromConverter = ConverterArrives | Converting;
