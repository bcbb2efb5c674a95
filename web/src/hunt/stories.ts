import { html, nothing, type TemplateResult } from 'lit';
import { said } from '../engine';
import { HUNT } from '../lang/en/hunt';
import { RULES } from '../lang/en/rules';
import type { Rule } from '../rules';
import { WORDS } from '../words';
import type { Story } from './orders';
import type { Manner } from './panel';
import { tale } from './tale';

/** What a story is called, and the rules without which it went so. */
export interface StoryKind {
  readonly head: string;
  readonly off: readonly Rule[];
}

export interface StoryHands {
  play(story: Story, manner: Manner): void;
  kindOf(story: Story): StoryKind;
  copyLink(story: Story): void;
  save(story: Story): void;
  /** Why no link can be copied here; null where one can. */
  readonly noLink: string | null;
}

/** Rules as one names them in a line. */
export const rulesText = (rules: readonly Rule[]): string => rules.map((rule) => RULES.list[rule][0].replace(/[.。]$/, '')).join(WORDS.sign.semicolon);

/** Which step of a story is under way, from 0; -1 before the first and behind the last, and where steps take different times. */
export function stepAt({ steps, step_us, ends_us }: Story, timeUs: number): number {
  if (ends_us !== steps.length * step_us || timeUs <= 0 || timeUs > ends_us) return -1;
  return Math.ceil(timeUs / step_us) - 1;
}

/** What was found, the shortest first. */
export function storyList(stories: readonly Story[], under: { readonly story: Story; readonly step: number } | null, hands: StoryHands): TemplateResult {
  const words = HUNT.story;
  return html`<section aria-labelledby="hunt-stories">
    <h3 id="hunt-stories" class="head">${words.head}</h3>
    <ol class="stories">
      ${stories.map((story, at) => {
        const step = under?.story === story ? under.step : -1;
        const { head, off } = hands.kindOf(story);
        const alike = off.length === 0 ? words.wholeAlready : null;
        const button = (part: string, text: string, act: () => void, look = '', refusal: string | null = null): TemplateResult =>
          html`<button type="button" class=${look} data-part=${part} aria-describedby=${`story-${at}`} aria-disabled=${refusal === null ? 'false' : 'true'} title=${refusal ?? ''} @click=${act}>${text}</button>`;
        return html`<li data-story=${at} class=${under?.story === story ? 'played' : ''}>
          <h4 id=${`story-${at}`}>${head} <span class="quiet">${words.steps(story.steps.length)}</span></h4>
          ${off.length === 0 ? nothing : html`<p class="quiet">${HUNT.twin.without(rulesText(off))}</p>`}
          <div class="story-do">
            ${button('play-story', words.play, () => hands.play(story, 'found'), at === 0 ? 'primary' : '')}
            ${button('play-pair', words.pair, () => hands.play(story, 'pair'), '', alike)} ${button('play-whole', words.whole, () => hands.play(story, 'whole'), '', alike)}
            ${button('link-story', words.link, () => hands.copyLink(story), '', hands.noLink)} ${button('save-story', words.save, () => hands.save(story))}
          </div>
          <details ?open=${at === 0}>
            <summary>${words.what}</summary>
            <ol class="steps">
              ${story.steps.map((text, number) => html`<li aria-current=${number === step ? 'step' : 'false'}>${said(text)}</li>`)}
            </ol>
            <p>${tale(story.text)}</p>
          </details>
        </li>`;
      })}
    </ol>
    <p class="quiet">${words.wholeTells}${WORDS.sign.gap}${words.kept}</p>
  </section>`;
}
