import { useRef, useState } from "preact/hooks";
import { useCell } from "../app/cell.js";
import { useNow } from "../app/ticker.js";
import { t as app } from "../app/words.js";
import { type Point, ceiling, drawAreas, hour, mostOf, pointAt, readable, withPoint } from "./curve.js";
import { useModel } from "./model.js";
import { sayCount } from "./saying.js";
import { t } from "./texts.js";

const width = 240;
const height = 64;
/** The curve moves on so often, in milliseconds: it is an hour wide. */
const pace = 5_000;
const tableRows = 7;

const Table = ({ points }: { points: readonly Point[] }) => {
  const zone = useModel().zone();
  return (
    <table>
      <caption>{t("curve.table")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("column.time")}</th>
          <th scope="col">{app("state.ready")}</th>
          <th scope="col">{app("state.notready")}</th>
          <th scope="col">{app("state.unknown")}</th>
        </tr>
      </thead>
      <tbody>
        {readable(points, tableRows).map(({ at, ready, notready, unknown }) => (
          <tr key={at}>
            <th scope="row">{zone.short(new Date(at))}</th>
            <td>{ready}</td>
            <td>{notready}</td>
            <td>{unknown}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};

/** The last hour as areas, ready below and not ready on top; the right edge is now. */
export const CurveView = () => {
  const model = useModel();
  const past = useCell(model.history.points);
  const complete = useCell(model.history.complete);
  const { ready, notready } = useCell(model.roster.tally);
  const now = Math.floor(useNow().getTime() / pace) * pace;
  const [hovered, setHovered] = useState<number | null>(null);
  const box = useRef<HTMLDivElement>(null);

  const points = withPoint(past, { at: now, ready, notready, unknown: 0 });
  const most = ceiling(mostOf(points));
  const areas = drawAreas(points, now - hour, now, most, width, height);
  const zone = model.zone();
  const readies = points.map((point) => point.ready);
  const label = t("curve.label", { low: sayCount(Math.min(...readies)), high: sayCount(Math.max(...readies)), ready: sayCount(ready), notready: sayCount(notready) });
  const pointed = hovered === null ? undefined : pointAt(points, now - hour + hovered * hour);

  const point = (event: PointerEvent): void => {
    const edges = box.current?.getBoundingClientRect();
    if (edges?.width) setHovered(Math.max(0, Math.min(1, (event.clientX - edges.left) / edges.width)));
  };

  return (
    <figure class="curve">
      <figcaption>
        <span>{t("curve.title")}</span>
        <span class="curve-said numeric" aria-hidden="true">
          {pointed ? (
            <>
              {zone.short(new Date(pointed.at))} <b class="ready">{sayCount(pointed.ready)}</b> <b class="notready">{sayCount(pointed.notready)}</b>
              {pointed.unknown > 0 && <b class="calm"> {sayCount(pointed.unknown)}</b>}
            </>
          ) : (
            <>
              <b class="ready">{app("state.ready")}</b> <b class="notready">{app("state.notready")}</b>
            </>
          )}
        </span>
      </figcaption>
      <div ref={box} class="curve-box" title={complete ? undefined : t("curve.incomplete")} onPointerMove={point} onPointerLeave={() => setHovered(null)}>
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
          <path class="area unknown" d={areas.unknown} />
          <path class="area notready" d={areas.notready} />
          <path class="area ready" d={areas.ready} />
          {hovered !== null && <path class="curve-hair" d={`M${hovered * width} 0V${height}`} vector-effect="non-scaling-stroke" />}
        </svg>
        <span class="curve-top numeric" aria-hidden="true">
          {sayCount(most)}
        </span>
      </div>
      <div class="curve-times numeric" aria-hidden="true">
        <span>{zone.short(new Date(now - hour))}</span>
        <span>{zone.short(new Date(now - hour / 2))}</span>
        <span>{t("curve.now")}</span>
      </div>
      <div class="heard-only">
        <Table points={points} />
      </div>
    </figure>
  );
};
