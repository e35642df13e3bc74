// Types of the constants of shared.py, which Python writes in front of the scripts.
export const HUES: string[];
export const GROUPS: string[];
export const DASHES: number[][];
export const CORNERS: [number, number][];
export const CORNER_RADIUS: number;
export const FEW: number;
export const HEAP: number;
export const HEAP_STEP: number;
export const MIN_RADIUS: number;
export const MAX_RADIUS: number;
export const RADIUS_POWER: number;
export const LEVELS: number;
export const BINS: number;
export const HEADROOM: number;
export const CUT: number;
export const ALPHABET: string;

declare global {
  /** What runtime.js offers to side files and notebooks. */
  var langevinFigures: {
    data: (hash: string, payload: object, code?: object) => void;
    scan: () => void;
    watch: () => void;
  };
}
