import { describe, expect, it } from 'vitest';
import { StrokeBuilder, inkLength, isSignature, segments, type PointerSample } from './strokes';

const pad = { left: 100, top: 50, width: 400, height: 200 };
const at = (x: number, y: number, t: number, pressure = 0.5, pointerType = 'pen'): PointerSample => ({
  clientX: x,
  clientY: y,
  timeStamp: t,
  pressure,
  pointerType,
});

describe('a signature on the pad', () => {
  it('keeps shares of the width, time from the first touch, and pressure', () => {
    const b = new StrokeBuilder();
    b.begin(at(100, 50, 9000, 0.25), pad);
    b.move([at(300, 150, 9016, 0.75)], pad);
    b.end(at(300, 150, 9020, 0), pad);
    expect(b.points).toEqual([
      { x: 0, y: 0, t: 0, p: 0.25, down: true },
      { x: 0.5, y: 0.25, t: 16, p: 0.75, down: true },
      { x: 0.5, y: 0.25, t: 20, p: 0, down: false },
    ]);
    expect(b.source, 'what the pen was is what the browser said').toBe('pen');
  });

  it('takes every coalesced sample in order', () => {
    const b = new StrokeBuilder();
    b.begin(at(100, 100, 0), pad);
    b.move([at(110, 100, 4), at(120, 101, 8), at(130, 103, 12)], pad);
    expect(b.points).toHaveLength(4);
    expect(b.points.map((p) => p.t)).toEqual([0, 4, 8, 12]);
  });

  it('ignores the pointer while it hovers', () => {
    const b = new StrokeBuilder();
    b.move([at(110, 100, 4)], pad);
    b.end(at(110, 100, 5), pad);
    expect(b.points, 'no touch, no ink').toHaveLength(0);
  });

  it('keeps points inside the pad and time never running backwards', () => {
    const b = new StrokeBuilder();
    b.begin(at(20, 20, 1000), pad);
    b.move([at(900, 900, 990)], pad);
    expect(b.points[0]).toMatchObject({ x: 0, y: 0 });
    expect(b.points[1]).toMatchObject({ x: 1, y: 0.5, t: 0 });
  });

  it('counts strokes, and a pen-up move is not ink', () => {
    const b = new StrokeBuilder();
    b.begin(at(100, 100, 0), pad);
    b.move([at(140, 100, 8)], pad);
    b.end(at(140, 100, 10), pad);
    b.begin(at(400, 100, 50), pad);
    b.move([at(440, 100, 58)], pad);
    b.end(at(440, 100, 60), pad);
    expect(b.strokes).toBe(2);
    expect(inkLength(b.points), 'two strokes of a tenth each; the jump between them does not count').toBeCloseTo(
      0.2,
      5,
    );
    expect(segments(b.points), 'the same two pieces are drawn, and the lift at the end of each').toHaveLength(4);
  });

  it('does not call a dot a signature but does accept a plain line', () => {
    const dot = new StrokeBuilder();
    dot.begin(at(200, 100, 0), pad);
    dot.end(at(201, 100, 30), pad);
    expect(isSignature(dot.points)).toBe(false);
    const line = new StrokeBuilder();
    line.begin(at(150, 100, 0), pad);
    line.move([at(450, 110, 300)], pad);
    line.end(at(450, 110, 310), pad);
    expect(isSignature(line.points), 'some people sign with a line').toBe(true);
    const short = new StrokeBuilder();
    short.begin(at(150, 100, 0), pad);
    short.end(at(165, 100, 40), pad);
    expect([isSignature(short.points), isSignature(short.points, true)], 'a short line where one is due').toEqual([
      false,
      true,
    ]);
  });

  it('starts afresh after clear, source included', () => {
    const b = new StrokeBuilder();
    b.begin(at(100, 100, 5000, 0, 'mouse'), pad);
    b.clear();
    b.begin(at(100, 100, 9000, 0.4, 'touch'), pad);
    expect(b.points).toHaveLength(1);
    expect(b.points[0]?.t).toBe(0);
    expect(b.source).toBe('touch');
  });

  it('draws harder pressure wider and an unknown pressure evenly', () => {
    const p = (x: number, pressure: number) => ({ x, y: 0, t: 0, p: pressure, down: true });
    const [soft, hard] = segments([p(0, 0.1), p(0.1, 0.1), p(0.2, 0.9)]);
    expect(hard!.width).toBeGreaterThan(soft!.width);
    const [even] = segments([p(0, 0), p(0.1, 0)]);
    expect(even!.width, 'a mouse tells no pressure and writes with a middle line').toBeCloseTo(0.0048, 6);
  });
});
