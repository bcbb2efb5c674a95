import { cut, flap, linksIn, mend, setLinks } from '../faults/inputs';
import { linkOf, type LinkNow, type LinkSetting, type Settings } from '../faults/settings';
import { linkText } from '../faults/told';
import { FAULTS, MENU } from '../lang/en/faults';
import { WORDS } from '../words';
import { choice, doing, type Item, type Moment, opening, type Page } from './items';

const FLAPS_US = [50_000, 200_000, 1_000_000] as const;
/** One way, in microseconds: beside a data centre and the eye's pace, about an election timeout and more than one. */
const DELAYS_US = [[200, 500], [15_000, 25_000], [40_000, 60_000], [150_000, 200_000], [400_000, 600_000]] as const;
const LOSSES_PPM = [0, 50_000, 200_000, 500_000, 1_000_000] as const;
const DUPLICATES_PPM = [0, 100_000, 500_000] as const;

/** Both directions between two servers. */
export function linkPage(a: number, b: number, moment: Moment): Page {
  const words = MENU.link;
  const both = [...linksIn(moment.settings, { from: a, to: b }), ...linksIn(moment.settings, { from: b, to: a })];
  return {
    title: MENU.title.link(a, b),
    items: [
      ...both.map((link) => opening(`way-${link.from}-${link.to}`, `${MENU.title.way(link.from, link.to)}${WORDS.sign.colon}${said(link, moment.settings)}`, null, () => wayPage([link], MENU.title.way(link.from, link.to), moment))),
      ...cutting(both, moment).map((item, at) => ({ ...item, label: words.ofBoth(item.label), apart: at === 0 })),
      opening('ways', words.both, null, () => wayPage(both, words.ofBoth(MENU.title.link(a, b)), moment)),
    ],
  };
}

/** How a direction is now, short. */
const said = (link: LinkNow, { link: begun }: Settings): string =>
  [link.flap ? FAULTS.now.flaps(link.flap.up_us, link.flap.down_us) : link.cut ? FAULTS.now.cut : link.walled ? MENU.link.behindWall : '', linkText({ ...begun, ...linkOf(link) })].filter(Boolean).join(WORDS.sign.semicolon);

const cutting = (links: readonly LinkNow[], moment: Moment): Item[] => [
  doing(moment, 'cut', MENU.link.cut, cut(links), MENU.link.cutAlready),
  doing(moment, 'mend', MENU.link.mend, mend(links), links.some(({ walled }) => walled) ? FAULTS.links.walled : MENU.link.notCut),
];

/** One direction, or both alike. */
export function wayPage(links: readonly LinkNow[], title: string, moment: Moment): Page {
  const words = MENU.link;
  const [first] = links;
  const set = (id: string, label: string, change: Partial<LinkSetting>): Item => choice(moment, id, label, setLinks(links, change));
  const page = (id: string, label: string, items: readonly Item[], apart = false): Item => opening(id, label, null, () => ({ title: `${title}${WORDS.sign.colon}${label}`, items }), { apart });
  const latest = links.flatMap(({ from, to }) =>
    moment.state.messages_in_flight.some((message) => message.from === from && message.to === to && !message.held) ? [{ kind: 'hold_latest', from, to } as const] : [],
  );
  const ordered = links.every(({ in_order }) => in_order);
  return {
    title,
    items: [
      ...cutting(links, moment),
      page('flap', words.flapMenu, FLAPS_US.map((us) => choice(moment, `flap-${us / 1000}`, words.flap(us), flap(links, us, us)))),
      doing(moment, 'hold-latest', words.holdLatest, latest, words.nothingThere),
      page('delay', words.delay, DELAYS_US.map(([min, max]) => set(`delay-${max / 1000}`, words.one(min, max), { delay_us_min: min, delay_us_max: max })), true),
      page('loss', words.loss, LOSSES_PPM.map((ppm) => set(`loss-${ppm / 10_000}`, words.lost(ppm), { loss_ppm: ppm }))),
      page('duplication', words.duplication, DUPLICATES_PPM.map((ppm) => set(`twice-${ppm / 10_000}`, words.twice(ppm), { duplicate_ppm: ppm }))),
      doing(moment, 'in-order', words.inOrder, setLinks(links, { in_order: !ordered }), '', { checked: ordered, one: 'switch' }),
      { id: 'dials', label: words.allDials, refusal: null, run: () => moment.dials(first?.from ?? 0, links.length === 1 ? (first?.to ?? 0) : 0), apart: true },
    ],
  };
}
