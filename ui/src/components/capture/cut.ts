// Where a person places the cut of a photo in which no face is found, and what of the picture that is.
import type { CutPlace } from '$lib/backend/contract';

/** Least and largest size, and the step of a key, in thousandths. The shell cuts nothing smaller. */
export const SMALLEST = 200;
export const LARGEST = 1000;
export const STEP = 10;

/** Where the cut stands before anybody moved it: where the guide of the live picture asks for the head. */
export const START: CutPlace = { turn: 0, x: 500, y: 500, size: 900 };

/** The picture a quarter further to the right, the frame over what it was over. */
export const turnedOn = (place: CutPlace): CutPlace => ({
  turn: (place.turn + 90) % 360,
  x: LARGEST - place.y,
  y: place.x,
  size: place.size,
});

/** Width and height of a picture that is turned by so many degrees. */
export const turnedSize = (turn: number, width: number, height: number): [number, number] =>
  turn % 180 === 0 ? [width, height] : [height, width];

/** A rectangle in shares of the picture's width and height. */
export interface Frame {
  x: number;
  y: number;
  w: number;
  h: number;
}

const within = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most);

/** What is cut out of a picture that is `width`×`height` once it is turned, when the photo is `ratio` times as wide as it is high. */
export function frameOf(place: CutPlace, width: number, height: number, ratio: number): Frame {
  const h = (Math.min(height, width / ratio) * place.size) / LARGEST;
  const w = h * ratio;
  return {
    x: within((width * place.x) / 1000 - w / 2, 0, width - w) / width,
    y: within((height * place.y) / 1000 - h / 2, 0, height - h) / height,
    w: w / width,
    h: h / height,
  };
}
