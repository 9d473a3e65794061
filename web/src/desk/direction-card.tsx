import { Icon } from "../app/icon.js";
import type { Direction } from "../app/wire.js";
import { t as app } from "../app/words.js";
import { t } from "./texts.js";

const directions = ["inbound", "outbound", "agent-initiated"] as const;

interface DirectionCardProps {
  direction: Direction;
  /** Whether the agent may change it. */
  free: boolean;
  busy: boolean;
  onTurn: (direction: Direction) => void;
}

/** Which work the agent takes. */
export const DirectionCard = ({ direction, free, busy, onTurn }: DirectionCardProps) => (
  <section class="card direction-card" aria-labelledby="direction-title">
    <h2 id="direction-title">{t("direction")}</h2>
    <div class="segments" role="radiogroup" aria-labelledby="direction-title" aria-describedby="direction-more" aria-busy={busy}>
      {directions.map((d) => (
        <label key={d} class={d === direction ? "segment chosen" : "segment"} title={t(`direction.${d}.more`)}>
          <input
            type="radio"
            name="direction"
            value={d}
            checked={d === direction}
            disabled={!free}
            onChange={(event) => {
              event.currentTarget.checked = d === direction; // it is shown when the server has it
              if (!busy && d !== direction) onTurn(d);
            }}
          />
          <Icon name={d} />
          <span>{app(`direction.${d}`)}</span>
        </label>
      ))}
    </div>
    <p class="calm" id="direction-more">
      {free ? t(`direction.${direction}.more`) : t("direction.fixed")}
    </p>
  </section>
);
