import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextSpeed, Player, sliderToSpeed, SPEED, speedToSlider } from '../src/player';

/** A clockwork with an event every `everyUs`, and a wall clock that an event moves by `costMs`. */
function clockwork(everyUs: number, costMs = 0): { player: Player; time: () => number } {
  let time = 0;
  let clock = 0;
  const player = new Player(
    {
      timeUs: () => time,
      advance: (us, maxEvents) => {
        const target = time + us;
        for (let events = 0; events < maxEvents; events += 1) {
          const next = (Math.floor(time / everyUs) + 1) * everyUs;
          if (next > target) {
            time = target;
            return { reached: true, stop: false };
          }
          time = next;
          clock += costMs;
        }
        return { reached: false, stop: false };
      },
    },
    () => clock,
  );
  return { player, time: () => time };
}

test('fractions of microseconds are carried from frame to frame', () => {
  const { player, time } = clockwork(1e9);
  player.speed = 0.001;
  player.play();
  for (let frame = 0; frame <= 600; frame += 1) player.frame((frame * 1000) / 60);
  assert.ok(Math.abs(time() - 10_000) <= 1, String(time()));
});

test('the same second passes at 60, 144 and 1000 frames a second', () => {
  for (const rate of [60, 144, 1000]) {
    const { player, time } = clockwork(1000);
    player.speed = 1;
    player.play();
    for (let frame = 0; frame <= rate; frame += 1) player.frame((frame * 1000) / rate);
    assert.ok(Math.abs(time() - 1_000_000) <= 1, `${rate}: ${time()}`);
  }
});

test('a long pause between frames is not made up', () => {
  const { player, time } = clockwork(1e9);
  player.speed = 1;
  player.play();
  player.frame(0);
  player.frame(60_000);
  assert.equal(time(), 100_000);
});

test('after a rest, the time until the next frame does not count', () => {
  const { player, time } = clockwork(1e9);
  player.play();
  player.frame(0);
  player.rest();
  player.frame(50);
  assert.equal(time(), 0);
});

test('frames that come late are no reason to say less: the speed is that of real time', () => {
  const { player, time } = clockwork(10, 0);
  player.speed = 1;
  player.play();
  for (let at = 0; at <= 4_000; at += 400) player.frame(at);
  // A hundred milliseconds of each four hundred are lived.
  assert.equal(time(), 1_000_000);
  assert.equal(player.slowed, true);
  assert.ok(Math.abs(player.reachedSpeed - 0.25) < 0.001, String(player.reachedSpeed));
  for (let at = 4_016; at <= 6_000; at += 16) player.frame(at);
  assert.deepEqual([player.slowed, player.reachedSpeed], [false, 1]);
});

test('when events cost more than a frame has, it says how fast it really runs', () => {
  const { player, time } = clockwork(10, 0.01);
  player.speed = 100;
  player.play();
  player.frame(0);
  player.frame(16);
  assert.equal(player.slowed, true);
  assert.ok(time() > 0 && time() < 1_600_000);
  assert.ok(player.reachedSpeed > 0 && player.reachedSpeed < 100);
});

test('a paused player drives nothing', () => {
  const { player, time } = clockwork(10);
  player.frame(0);
  player.frame(16);
  assert.equal(time(), 0);
});

test('speeds outside their range are refused by name', () => {
  const { player } = clockwork(10);
  assert.throws(() => (player.speed = 101), { name: 'RangeError', message: 'speed is 101; expected 0.001 to 100' });
  assert.throws(() => (player.speed = Number.NaN), RangeError);
  assert.throws(() => (player.speed = '1' as unknown as number), TypeError);
  assert.equal(player.speed, SPEED.opening);
});

test('the slider spans all speeds and finds them again', () => {
  assert.equal(sliderToSpeed(0), 0.001);
  assert.equal(sliderToSpeed(1000), 100);
  for (const place of [0, 100, 260, 500, 600, 777, 1000]) {
    assert.ok(Math.abs(speedToSlider(sliderToSpeed(place)) - place) <= 4, String(place));
  }
});

test('faster and slower go through 1, 2, 5 and stop at the ends', () => {
  assert.deepEqual([nextSpeed(0.02, true), nextSpeed(0.02, false), nextSpeed(1, true), nextSpeed(100, true), nextSpeed(0.001, false), nextSpeed(0.3, false)], [0.05, 0.01, 2, 100, 0.001, 0.2]);
});
