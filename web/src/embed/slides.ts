/**
 * A frame on a slide of Reveal.js is told when its slide comes and goes, whether or not it wants to play: so one that was told to go on
 * by itself, or that somebody let run, rests while its slide is away, and one that stood still stays so.
 */

const element = document.querySelector('raft-playground');
let isAway = false;
let resumes: boolean | undefined;

function obey(said: unknown): void {
  if (!element) return;
  // The end of a slide is told more than once.
  if (said === 'slide:stop' && !isAway) {
    isAway = true;
    resumes = element.playing;
    element.pause();
  } else if (said === 'slide:start') {
    isAway = false;
    if ((resumes ?? element.autoplay) && !matchMedia('(prefers-reduced-motion: reduce)').matches) element.play();
  }
}

addEventListener('message', ({ data, source }: MessageEvent<unknown>) => {
  if (source === parent && source !== window) void customElements.whenDefined('raft-playground').then(() => obey(data));
});
