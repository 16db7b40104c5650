// Delta debugging: the least of what makes something fail, found by leaving out ever smaller parts (Zeller and Hildebrandt, 2002).

/** A part of `items` from which nothing more could be left out, in their order. `fails` holds for all of them; it may give up by saying no. */
export async function ddmin<Item>(
  items: readonly Item[],
  fails: (some: readonly Item[]) => Promise<boolean>,
): Promise<readonly Item[]> {
  if (items.length > 0 && (await fails([]))) return []
  let least = items
  for (let parts = 2; least.length > 1;) {
    const size = Math.ceil(least.length / parts)
    let smaller: readonly Item[] | undefined
    for (let from = 0; from < least.length && smaller === undefined; from += size) {
      const without = least.toSpliced(from, size)
      if (await fails(without)) smaller = without
    }
    if (smaller !== undefined) {
      least = smaller
      parts = Math.max(2, parts - 1)
    } else if (size === 1) return least
    else parts = Math.min(least.length, parts * 2)
  }
  return least
}
