/** What Raft guarantees, as its engine names it. The texts are in lang/. */

import { PROPERTIES, type Property } from './lang/en/properties';
import { inEnglish } from './lang/texts';

/** By the name that a violation has for it, which is the English one. */
export function propertyCalled(name: string): Property | undefined {
  const english = inEnglish(PROPERTIES).list;
  return (Object.keys(english) as Property[]).find((property) => english[property][0] === name);
}

/** As the page calls it. */
export function propertyName(name: string): string {
  const property = propertyCalled(name);
  return property ? PROPERTIES.list[property][0] : name;
}

/** What it says. */
export function propertySays(name: string): string {
  const property = propertyCalled(name);
  return property ? PROPERTIES.list[property][1] : '';
}
