import type { MessageState } from '../raft-playground';
import { MENU } from '../lang/en/faults';
import { WORDS } from '../words';
import { doing, type Item, type Moment, opening, type Page } from './items';
import { linkPage } from './link-items';

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
      { id: 'why', label: WORDS.ask.message, refusal: null, run: () => moment.asks({ about: 'message', message: id }), shows: true, apart: true },
      opening('link', words.link, null, () => linkPage(from, to, moment)),
    ],
  };
}
