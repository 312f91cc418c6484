package io.hyper2kvm.daemon.web;

import io.hyper2kvm.report.ReportJson;
import io.hyper2kvm.view.Ended;
import io.hyper2kvm.view.Freshness;
import io.hyper2kvm.view.History;
import java.io.IOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Answers what ended on which day, and how fast. */
final class HistoryAnswers {

  private static final int MOST_DAYS = 366;
  private static final int DEFAULT_DAYS = 30;
  private static final int MOST_QUESTIONS = 16;
  private static final Duration STAYS = Duration.ofSeconds(2);

  private final History history;
  private final ThroughputRing ring;
  private final Clock clock;
  private final Freshness<WebAnswer> throughput = new Freshness<>(STAYS, this::makeThroughput);
  private final Map<List<LocalDate>, Freshness<WebAnswer>> days =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(
            Map.Entry<List<LocalDate>, Freshness<WebAnswer>> eldest) {
          return size() > MOST_QUESTIONS;
        }
      };

  HistoryAnswers(History history, ThroughputRing ring, Clock clock) {
    this.history = history;
    this.ring = ring;
    this.clock = clock;
  }

  /** GET /days. */
  WebAnswer days(WebRequest request) throws IOException, WebProblem {
    LocalDate to = date(request, "to", LocalDate.now(clock));
    LocalDate from = date(request, "from", to.minusDays(DEFAULT_DAYS - 1L));
    if (to.toEpochDay() - from.toEpochDay() >= MOST_DAYS) {
      throw WebProblem.badRequest(
          "from and to are more than %d days apart".formatted(MOST_DAYS), "Ask for fewer days.");
    }
    Freshness<WebAnswer> answer;
    synchronized (days) {
      answer =
          days.computeIfAbsent(
              List.of(from, to), key -> new Freshness<>(STAYS, () -> makeDays(from, to)));
    }
    return answer.answer();
  }

  private static LocalDate date(WebRequest request, String name, LocalDate otherwise)
      throws WebProblem {
    try {
      return request.queryText(name).map(LocalDate::parse).orElse(otherwise);
    } catch (DateTimeException e) {
      throw WebProblem.badRequest(name + " is no date", "Write it as YYYY-MM-DD.");
    }
  }

  private WebAnswer makeDays(LocalDate from, LocalDate to) throws IOException {
    return WebAnswer.json(
        Map.of("days", history.days(from, to).stream().map(HistoryAnswers::json).toList()));
  }

  private static Map<String, Object> json(History.Day day) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("date", day.date());
    json.put("completed", day.completed());
    json.put("failed", day.failed());
    json.put("vms_completed", day.vmsCompleted());
    json.put("vms_failed", day.vmsFailed());
    json.put("bytes", day.bytes());
    json.put("partial", !day.whole());
    return json;
  }

  /** GET /throughput. */
  WebAnswer throughput(WebRequest request) throws IOException {
    return throughput.answer();
  }

  private WebAnswer makeThroughput() throws IOException {
    Instant now = clock.instant();
    Instant since = now.minus(Duration.ofDays(1));
    List<Ended.VmEnd> ends =
        history.vmEnds(since.getEpochSecond(), LocalDate.ofInstant(since, clock.getZone()));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("step_seconds", ThroughputRing.STEP);
    json.put("points", ring.points(now, ends).stream().map(this::json).toList());
    return WebAnswer.json(json);
  }

  private Map<String, Object> json(ThroughputRing.Point point) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("at", ReportJson.timestamp(OffsetDateTime.ofInstant(point.at(), clock.getZone())));
    json.put("bytes_per_second", point.bytesPerSecond());
    json.put("vms_completed", point.completed());
    json.put("vms_failed", point.failed());
    return json;
  }
}
