import { boardReducer } from "../board/reducer.ts";
import { chatReducer } from "../chat/reducer.ts";
import { communityReducer } from "../community/reducer.ts";
import { identityReducer } from "../home/reducer.ts";
import { votesReducer } from "../votes/reducer.ts";
import type { Reducers } from "./app-state.ts";

/** How each area follows the events; an area without live parts needs none. */
export const reducers: Reducers = {
  identity: identityReducer,
  community: communityReducer,
  board: boardReducer,
  proposals: votesReducer,
  chat: chatReducer,
};
