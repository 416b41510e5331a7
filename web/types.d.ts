// The shapes that cross a border of the page: messages to and from the worker,
// and the functions of the viewer. wasm/protocol and wasm/viewer are the other
// sides of them.

/** What the stage must know of a run. */
export interface RunShape {
  steps: number;
  images: number;
  channels: number;
  height: number;
  width: number;
  /** How many pictures belong in a row; 0 for any number. */
  columns: number;
}

export interface Model {
  type: 'model';
  model: string;
  title: string;
  classes: string[];
  channels: number;
  height: number;
  width: number;
  timesteps: number;
  parameters: number;
  /** Stored pictures of an exact denoiser, 0 for a network. */
  pictures: number;
  hash: string;
  samplers: { name: string; title: string; group: string; description: string }[];
  defaults: string;
}

/** Pixels that a recipe begins with: of a picture, interleaved, and of a mask, one for each pixel of it, white where it is made anew. */
export interface Inputs {
  image?: Uint8Array;
  mask?: Uint8Array;
}

/** What to estimate of a picture, and how. */
export interface Estimated {
  recipe: string;
  image: Uint8Array;
  form: 'denoising' | 'consistency' | 'flow';
  /** Noisy pictures for each timestep, or random directions of the flow. */
  draws?: number;
}

export interface Measuring {
  type: 'measuring';
  id: number;
  recipe: string;
  form: string;
  terms: number;
  /** Bits per dimension, as are `total`, `bits` and their errors. */
  prior: number;
  total: number;
}

/** What one timestep adds to an estimate; NaN where a number is not known. */
export interface Term {
  type: 'term';
  id: number;
  term: number;
  terms: number;
  t: number;
  bits: number;
  variance: number;
  x0MSE: number;
  epsilonMSE: number;
  total: number;
  standardError: number;
  ms: number;
}

export interface Measured {
  type: 'done';
  id: number;
  recipe: string;
  form: string;
  bits: number;
  standardError: number;
  ms: number;
}

export type EstimateMessage = Measuring | Term | Paused | Measured | Cancelled | Failed;

export interface Described {
  type: 'recipe';
  id: number;
  recipe: string;
  fields: Record<string, string>;
}

export interface Started extends RunShape {
  type: 'started';
  id: number;
  recipe: string;
  /** How many workers share the pictures. */
  shares: number;
  /** Whether it is remembered how steps are made again. */
  again: boolean;
}

/** One picture of one step; pixels are interleaved, 8 bits each. */
export interface Step {
  type: 'step';
  id: number;
  step: number;
  steps: number;
  image: number;
  images: number;
  t: number;
  /** ᾱ of t. */
  alphaBar: number;
  ms: number;
  xt: Uint8Array<ArrayBuffer>;
  x0: Uint8Array<ArrayBuffer>;
  /** The noise in the picture before the step, from −3 to 3; nothing is 127 or 128. */
  epsilon: Uint8Array<ArrayBuffer>;
  /** What the step changed, from −largest to largest. */
  change: Uint8Array<ArrayBuffer>;
  largest: number;
}

export interface Paused {
  type: 'paused';
  id: number;
  step: number;
}

export interface Done {
  type: 'done';
  id: number;
  recipe: string;
  hash: string;
  ms: number;
  /** Why the pixels are not those that the recipe promised, if they are not. */
  differs: '' | 'unknown' | 'weights' | 'version' | 'promise';
}

export interface Cancelled {
  type: 'cancelled';
  id: number;
  step: number;
}

/** Without id, a load has failed. key names the recipe's key at fault. */
export interface Failed {
  type: 'failed';
  id?: number;
  message: string;
  key?: string;
  model?: string;
  /** The weights that would let the request through. */
  needs?: string[];
}

export interface Ready {
  type: 'ready';
  simd: boolean;
}

export type RunMessage = Started | Step | Paused | Done | Cancelled | Failed;

/** The functions that the Go viewer leaves in its window. */
export interface Viewer {
  /** How many runs are compared, whether their difference is shown, which of them gives the time, and what all may keep. */
  sides(runs: number, difference: boolean, clock: number, memory: number): void;
  begin(side: number, run: RunShape): string;
  frame(
    side: number,
    step: number,
    image: number,
    xt: Uint8Array,
    x0: Uint8Array,
    epsilon: Uint8Array,
    change: Uint8Array,
  ): string;
  views(...views: number[]): void;
  /** Makes room for a step that is not kept. */
  hold(side: number, step: number): void;
  show(side: number, step: number): number;
  fade(side: number, from: number, part: number): void;
  look(scale: number, x: number, y: number, smooth: boolean): void;
  colours(stage: number, empty: number, mark: number): void;
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
}
