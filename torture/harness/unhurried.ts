/** Settings of a service on a machine that has much else to do: it doesn't take others' work for an overload of its own. */
export const UNHURRIED = { MAX_EVENT_LOOP_DELAY: '0' }
