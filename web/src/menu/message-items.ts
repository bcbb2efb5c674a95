import type { MessageState } from '../raft-playground';
import { MENU } from '../lang/en/faults';
import { WORDS } from '../words';
import { doing, type Item, type Moment, opening, type Page } from './items';
import { linkPage } from './link-items';

const DELAYS_US = [5_000, 20_000, 100_000, 1_000_000] as const;

/** "AppendEntries S1 → S2", and whether it is held. */
export const messageText = ({ name, from, to, held }: MessageState): string => (held ? MENU.isHeld(MENU.message(name, from, to)) : MENU.message(name, from, to));

/** What can be done with one message on its way. */
export function messagePage(id: number, moment: Moment): Page {
  const words = MENU.messageDo;
  const message = moment.state.messages_in_flight.find((one) => one.id === id);
  const act = (kind: 'deliver' | 'hold' | 'release' | 'drop' | 'duplicate'): Item => doing(moment, kind, words[kind], message ? [{ kind, message: id }] : [], words.gone);
  if (!message) return { title: words.gone, items: [act('deliver')] };
  const { from, to } = message;
  return {
    title: messageText(message),
    items: [
      act('deliver'),
      act(message.held ? 'release' : 'hold'),
      act('drop'),
      act('duplicate'),
      opening('delay', words.delay, moment.bench.ended ? MENU.ended : message.held ? words.isHeld : null, () => ({
        title: `${messageText(message)}${WORDS.sign.colon}${words.delay}`,
        items: DELAYS_US.map((us) => doing(moment, `delay-${us / 1000}`, words.takes(us), [{ kind: 'set_delay', message: id, us }], '')),
      })),
      { id: 'why', label: WORDS.ask.message, refusal: null, run: () => moment.asks({ about: 'message', message: id }), shows: true, apart: true },
      opening('link', words.link, null, () => linkPage(from, to, moment)),
    ],
  };
}
