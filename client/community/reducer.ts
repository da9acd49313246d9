import type { AreaReducer, Areas } from "../state/app-state.ts";

/** Follows the places of the courtyard in view, and which courtyards there are. */
export const communityReducer: AreaReducer<Areas["community"]> = {
  event: (part, { name, data }) => {
    switch (name) {
      case "places.have-changed": {
        const { places } = data;
        if (part.places?.courtyardId !== places.courtyardId) return part;
        // A snapshot taken in the same moment may be ahead of what is heard.
        if (part.places.version >= places.version) return part;
        const { courtyardId: id, name: called } = places;
        return {
          places,
          courtyards: part.courtyards.map((each) => (each.id === id ? { id, name: called } : each)),
        };
      }
      case "courtyards.have-changed":
        return { ...part, courtyards: data.courtyards };
      default:
        return part;
    }
  },
};
