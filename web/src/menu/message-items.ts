import type { Input } from '../door/types';
import type { MessageState } from '../raft-playground';
import { MENU } from '../lang/en/faults';
import { WORDS } from '../words';
import { doing, type Item, type Moment, opening, type Page } from './items';
import { linkPage } from './link-items';

const DELAYS_US = [5_000, 20_000, 100_000, 1_000_000] as const;

/** "AppendEntries S1 → S2", and whether it is held. */
export const messageText = ({ name, from, to, held }: MessageState): string => (held ? MENU.isHeld(MENU.message(name, from, to)) : MENU.message(name, from, to));

/** What it carries besides, as far as the stage shows it. */
function carried(id: number, { scene }: Moment): string {
  const words = MENU.carries;
  const { kind, reply, entries, verdict, term } = scene.message(id) ?? {};
  if (reply) return verdict === 1 ? words.yes : verdict === 2 ? words.no : '';
  if (kind === 'append') return entries ? words.entries(entries) : words.heartbeat;
  return (kind === 'vote' || kind === 'pre_vote') && term ? words.asks(term) : '';
}

/** More messages nobody would look through. */
const MESSAGES_MAX = 30;

/** All messages on their way to a server or from it: together, and each. */
export function messagesOf(server: number, moment: Moment): Item[] {
  const words = MENU.messagesDo;
  const all = messagesAt(server, moment);
  const sent = all.filter(({ from }) => from === server);
  const drop = (some: readonly MessageState[]): Input[] => some.map(({ id }) => ({ kind: 'drop', message: id }));
  const hold = (some: readonly MessageState[]): Input[] => some.filter(({ held }) => !held).map(({ id }) => ({ kind: 'hold', message: id }));
  const apart = sent.length > 0 && sent.length < all.length;
  return [
    ...(all.length > 1 ? [doing(moment, 'drop-all', words.dropAll(all.length), drop(all), ''), doing(moment, 'hold-all', words.holdAll(all.length), hold(all), words.allHeld)] : []),
    ...(apart ? [doing(moment, 'drop-sent', words.dropSent(server, sent.length), drop(sent), ''), doing(moment, 'hold-sent', words.holdSent(server, sent.length), hold(sent), words.allHeld)] : []),
    ...all.slice(0, MESSAGES_MAX).map((message, at) => {
      const more = carried(message.id, moment);
      const text = messageText(message);
      return opening(`message-${message.id}`, more ? MENU.carries.with(text, more) : text, null, () => messagePage(message.id, moment), { apart: at === 0 && all.length > 1 });
    }),
  ];
}

export const messagesAt = (server: number, { state }: Moment): readonly MessageState[] => state.messages_in_flight.filter(({ from, to }) => from === server || to === server);

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
