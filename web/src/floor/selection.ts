/** Who is chosen, and from where a range begins. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** The place that was chosen last. */
  readonly anchor: string | null;
}

export const nobody: Selection = { ids: new Set(), anchor: null };

/** A place on the floor with who stands there, in the order of the floor. */
export interface Standing {
  readonly key: string;
  readonly id: string;
}

/** Takes one in, or out again. */
export const toggle = ({ ids }: Selection, { key, id }: Standing): Selection => {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return { ids: next, anchor: key };
};

/** Takes in everybody from the anchor to the place; without an anchor only who is there. */
export const extend = (selection: Selection, to: Standing, order: readonly Standing[]): Selection => {
  const end = order.findIndex(({ key }) => key === to.key);
  const begin = order.findIndex(({ key }) => key === selection.anchor);
  const ids = new Set(selection.ids);
  if (begin < 0 || end < 0) return { ids: ids.add(to.id), anchor: to.key };
  for (const { id } of order.slice(Math.min(begin, end), Math.max(begin, end) + 1)) ids.add(id);
  return { ids, anchor: selection.anchor };
};

/** Takes in all of them; or out again, where they are all in already. */
export const toggleAll = ({ ids, anchor }: Selection, all: readonly string[]): Selection => {
  const next = new Set(ids);
  if (all.every((id) => next.has(id))) for (const id of all) next.delete(id);
  else for (const id of all) next.add(id);
  return { ids: next, anchor };
};

/** Leaves out who is not there any more; the same selection where nobody is. */
export const prune = (selection: Selection, there: (id: string) => boolean): Selection => {
  const kept = [...selection.ids].filter(there);
  return kept.length === selection.ids.size ? selection : { ids: new Set(kept), anchor: selection.anchor };
};
