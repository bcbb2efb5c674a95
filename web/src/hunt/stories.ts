import { html, type TemplateResult } from 'lit';
import { HUNT } from '../lang/en/hunt';
import { propertyName } from '../properties';
import type { Story } from './orders';

export interface StoryHands {
  play(story: Story, whole: boolean): void;
  copyLink(story: Story): void;
  save(story: Story): void;
  /** Why no link can be copied here; null where one can. */
  readonly noLink: string | null;
}

/** Which step of a story is under way, from 0; -1 before the first and behind the last, and where steps take different times. */
export function stepAt({ steps, step_us, ends_us }: Story, timeUs: number): number {
  if (ends_us !== steps.length * step_us || timeUs <= 0 || timeUs > ends_us) return -1;
  return Math.ceil(timeUs / step_us) - 1;
}

/** What was found, the shortest first. The engine tells it in English. */
export function storyList(stories: readonly Story[], under: { readonly story: Story; readonly step: number } | null, hands: StoryHands): TemplateResult {
  const words = HUNT.story;
  return html`<section aria-labelledby="hunt-stories">
    <h3 id="hunt-stories" class="head">${words.head}</h3>
    <ol class="stories">
      ${stories.map((story, at) => {
        const step = under?.story === story ? under.step : -1;
        const button = (part: string, text: string, act: () => void, look = '', refusal: string | null = null): TemplateResult =>
          html`<button type="button" class=${look} data-part=${part} aria-describedby=${`story-${at}`} aria-disabled=${refusal === null ? 'false' : 'true'} title=${refusal ?? ''} @click=${act}>${text}</button>`;
        return html`<li data-story=${at} class=${under?.story === story ? 'played' : ''}>
          <h4 id=${`story-${at}`}>${story.property === null ? story.title : propertyName(story.property)} <span class="quiet">${words.steps(story.steps.length)}</span></h4>
          <p class="quiet" lang="en">${story.title}</p>
          <div class="story-do">
            ${button('play-story', words.play, () => hands.play(story, false), at === 0 ? 'primary' : '')} ${button('play-whole', words.whole, () => hands.play(story, true))}
            ${button('link-story', words.link, () => hands.copyLink(story), '', hands.noLink)} ${button('save-story', words.save, () => hands.save(story))}
          </div>
          <details ?open=${at === 0}>
            <summary>${words.what}</summary>
            <ol class="steps" lang="en">
              ${story.steps.map((text, number) => html`<li aria-current=${number === step ? 'step' : 'false'}>${text}</li>`)}
            </ol>
            <p lang="en">${story.text}</p>
          </details>
        </li>`;
      })}
    </ol>
    <p class="quiet">${words.wholeTells}</p>
  </section>`;
}
