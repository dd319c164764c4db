"""What the figures on a page say, as sentences: how topics stand, what is due, what was done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from quizapp.core.fading import Outlook, Standing, whole_percent
from quizapp.core.proportions import Tally
from quizapp.web.rendering import count, day_name, duration_name

MARK = "80\u00a0%"  # the share below which a topic is called faded
FEWEST_SHARED = 20  # reviews from which a share is told
_WEEK = timedelta(days=6)
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def number_word(number: int) -> str:
    """Return “two” for 2; from 11 on, digits."""
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def sentence(words: str) -> str:
    """Return the words with a capital at their start."""
    return words[:1].upper() + words[1:]


def share(value: float) -> str:
    """Return “72 %” for .72, its parts kept together."""
    return f"{whole_percent(value)}\u00a0%"


def short_day(day: date) -> str:
    """Return “8 Nov”."""
    return f"{day.day} {day:%b}"


def on_day(day: date, today: date) -> str:
    """Return “today”, “tomorrow”, “on Thursday”, “on 8 November”."""
    name = day_name(day, today)
    return name if name in ("today", "tomorrow", "yesterday") else f"on {name}"


def is_due_soon(outlook: Outlook, today: date) -> bool:
    """Say whether a topic has faded or falls within the week."""
    return outlook.standing is Standing.FADED or _falls_soon(outlook, today)


def recall_finding(outlooks: Sequence[Outlook], today: date) -> str:
    """Return how the topics stand in a sentence or two: “One topic has faded. Two more will before Friday.”"""
    faded = sum(outlook.standing is Standing.FADED for outlook in outlooks)
    falls = [outlook.day for outlook in outlooks if outlook.day and _falls_soon(outlook, today)]
    low = sum(outlook.standing is Standing.LOW for outlook in outlooks)
    known = sum(outlook.standing is not Standing.UNKNOWN for outlook in outlooks)
    if not known:
        return "A few more answers will tell what you would recall."
    if faded:
        finding = sentence(f"{_topics(faded)} {'has' if faded == 1 else 'have'} faded.")
        more = f"{number_word(len(falls))} more will {_before(max(falls), today)}." if falls else ""
        return f"{finding} {sentence(more)}".strip()
    if falls:
        return sentence(f"{_topics(len(falls))} will fade {_before(max(falls), today)}.")
    if low:
        return sentence(f"{_topics(low)} {'is' if low == 1 else 'are'} not at {MARK} yet.")
    if known == 1:
        return "One topic is known, and it holds for a week."
    return f"Nothing has faded. {sentence(_topics(known))} hold for a week."


def recall_lead(outlooks: Sequence[Outlook], due: int, today: date) -> str:
    """Return what the finding leaves open: the other topics, and the cards due."""
    soon = sum(is_due_soon(outlook, today) for outlook in outlooks)
    counts = Counter(outlook.standing for outlook in outlooks)
    low, unknown = counts[Standing.LOW], counts[Standing.UNKNOWN]
    holding = len(outlooks) - soon - low - unknown
    parts = []
    if soon and holding:
        parts.append(f"{number_word(holding)} should stay above {MARK} for a week.")
    if soon and low:
        parts.append(f"{number_word(low)} {'has' if low == 1 else 'have'} not reached it yet.")
    if unknown == len(outlooks):
        parts.append("Three answered questions are enough for a topic.")
    elif unknown:
        parts.append(f"{number_word(unknown)} {'has' if unknown == 1 else 'have'} too few answers to tell.")
    parts.append(f"{count(due, 'card is', 'cards are')} due today." if due else "no card is due today.")
    return " ".join(sentence(part) for part in parts)


def outlook_note(outlook: Outlook, today: date) -> str:
    """Return a topic's standing in a sentence: “Faded. Below 80 % since 8 November.”; empty when it holds."""
    if outlook.standing is Standing.FADED and outlook.day:
        return f"Faded. Below {MARK} since {day_name(outlook.day, today)}."
    if outlook.standing is Standing.FADING and outlook.day:
        return f"Falls below {MARK} {on_day(outlook.day, today)}."
    if outlook.standing is Standing.LOW:
        return f"Not at {MARK} yet."
    return "Not enough answers yet." if outlook.standing is Standing.UNKNOWN else ""


def outlook_cell(outlook: Outlook, today: date, horizon_days: int) -> str:
    """Return when a topic is below the mark, for a table: “since 8 Nov”, “from Thu”, “not before 30 Nov”."""
    if outlook.standing is Standing.FADED and outlook.day:
        return f"since {_near_name(outlook.day, today)}"
    if outlook.standing is Standing.FADING and outlook.day:
        return f"from {_near_name(outlook.day, today)}"
    if outlook.standing is Standing.LOW:
        return "so far"
    if outlook.standing is Standing.STEADY:
        return f"not before {short_day(today + timedelta(days=horizon_days))}"
    return ""


def curve_finding(earlier: tuple[date, float] | None, now: float, ahead: float, today: date) -> str:
    """Return what a recall curve shows: where it came from, and where it leads without a review."""
    parts = []
    if earlier is not None:
        day, past = earlier
        if whole_percent(past) == whole_percent(now):
            parts.append(f"As high as {on_day(day, today)}.")
        else:
            parts.append(f"{'Up' if past < now else 'Down'} from {share(past)} {on_day(day, today)}.")
    if whole_percent(ahead) < whole_percent(now):
        parts.append(f"Without a review it would fall to {share(ahead)} in two weeks.")
    else:
        parts.append("It would hold for two weeks without a review.")
    return " ".join(parts)


def forecast_finding(due: Sequence[tuple[date, int]], today: date) -> str:
    """Return what the days ahead hold: the fullest day, or that nothing comes."""
    if not any(number for _, number in due):
        return "No card falls due in the next two weeks."
    day, most = max(due, key=lambda entry: entry[1])
    whole = sum(number for _, number in due)
    if most == whole:
        return f"{count(whole, 'card')}, {'' if whole == 1 else 'all of them '}{on_day(day, today)}."
    return f"{count(whole, 'card')} in two weeks, the most {on_day(day, today)}: {most}."


def week_finding(coming: Sequence[tuple[date, int]], today: date) -> str:
    """Return what the days after today bring back, when it is more than one of them.

    “12 cards in the next seven days, 5 of them on Thursday.”
    """
    whole = sum(number for _, number in coming)
    day, most = max(coming, key=lambda entry: entry[1], default=(today, 0))
    if most == whole:
        return ""
    return f"{count(whole, 'card')} in the next {number_word(len(coming))} days, {most} of them {on_day(day, today)}."


def retention_finding(due: Tally, days: int, target: float) -> str:
    """Return the share recalled of the due cards reviewed in the last days, beside the learner's target."""
    if not due.reviews:
        return f"No due card was reviewed in the last {days} days."
    if due.reviews < FEWEST_SHARED:
        return f"{due.recalled} of {count(due.reviews, 'due card')} recalled in the last {days} days."
    return (
        f"{share(due.share)} of {due.reviews} due cards recalled in the last {days} days. You aim at {share(target)}."
    )


def expected_finding(reviews: Tally) -> str:
    """Return what was recalled beside what was expected, and whether the difference may be chance."""
    if reviews.reviews < FEWEST_SHARED:
        told = f" So far there {'is' if reviews.reviews == 1 else 'are'} {number_word(reviews.reviews)}."
        so_far = told if reviews.reviews else ""
        return f"From {FEWEST_SHARED} reviews on this shows how far the estimates can be trusted.{so_far}"
    low, high = reviews.interval
    told = f"When we said {share(reviews.expected_share)}, you recalled {share(reviews.share)}"
    if low <= reviews.expected_share <= high:
        verdict = "The difference may be chance." if share(reviews.share) != share(reviews.expected_share) else ""
    elif reviews.share > reviews.expected_share:
        verdict = "You remember more than we expect."
    else:
        verdict = "You remember less than we expect."
    return f"{told} ({count(reviews.reviews, 'review')}). {verdict}".strip()


def time_finding(spent: Sequence[tuple[str, float]], days: int) -> str:
    """Return the time spent, in seconds by topic, with the topic that took most of it."""
    whole = sum(seconds for _, seconds in spent)
    if not whole:
        return f"No time in the last {days} days."
    title, most = max(spent, key=lambda entry: entry[1])
    told = sentence(f"{duration_name(whole)} in the last {days} days")
    if len([title for title, seconds in spent if seconds]) == 1:
        return f"{told}, all of it on {title}."
    return f"{told}, most on {title}: {duration_name(most)}."


def studied_finding(recent: int, before: int) -> str:
    """Return the questions and cards of the last four weeks beside those of the four before."""
    if not recent and not before:
        return "Nothing in the last eight weeks."
    if not before:
        return f"{count(recent, 'answer')} in the last four weeks."
    return f"{count(recent, 'answer')} in the last four weeks, {before} in the four before."


def days_finding(numbers: Sequence[int]) -> str:
    """Return on how many of the given days, the last one today, something was answered."""
    days = sum(number > 0 for number in numbers)
    if not days:
        return f"Nothing in the last {len(numbers)} days."
    return f"{count(sum(numbers), 'answer')} on {number_word(days)} of the last {len(numbers)} days."


def _falls_soon(outlook: Outlook, today: date) -> bool:
    return outlook.standing is Standing.FADING and outlook.day is not None and outlook.day <= today + _WEEK


def _topics(number: int) -> str:
    return f"{number_word(number)} {'topic' if number == 1 else 'topics'}"


def _before(last: date, today: date) -> str:
    if last <= today + timedelta(days=1):
        return "later today" if last <= today else "by tomorrow"
    if last == today + _WEEK:
        return "within a week"
    return f"before {last + timedelta(days=1):%A}"


def _near_name(day: date, today: date) -> str:
    if -1 <= (day - today).days <= 1:
        return day_name(day, today)
    return f"{day:%a}" if today < day <= today + _WEEK else short_day(day)
