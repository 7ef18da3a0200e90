"""What the invented customer's ATS holds beside people: jobs with pipelines, tags, reasons, users. Data only."""

from __future__ import annotations

from typing import Any

TAGS = (
    "SQL", "Python", "Leadership", "Silver medallist", "Referral", "Visa sponsorship", "Remote only", "Relocating",
    "Returner", "Bilingual", "Top 5 %", "Do not contact", "Graduate 2026", "Côte d’Ivoire project", "日本語ネイティブ",
    "نقل إلى القاهرة", "🌱 early career", "R&D <pilot>", "c++", "C++", "Werkstudent:in", "Переезд в Софию",
    "On-call experience", "Team fit",
    "Spoke at the autumn open day and asked to hear of any role in the data platform group before it is published",
)  # fmt: skip

REASONS = (
    "Missing skills", "Experience does not match", "Salary expectations", "Position filled", "Candidate withdrew",
    "No right to work", "Kommunikation & Sprache (übrige Gründe)",
)  # fmt: skip

ROLES = (
    ("r-1", "Recruiter", "JOB", "RECRUITER"),
    ("r-2", "Hiring manager", "JOB", "HIRING_MANAGER"),
    ("r-3", "Interviewer", "JOB", "INTERVIEWER"),
    ("r-4", "Co-ordinator", "JOB", "COORDINATOR"),
    ("r-5", "Site admin", "SYSTEM", "ADMIN"),
    ("r-6", "Bar raiser", "JOB", None),
    ("r-7", "Basic user", "SYSTEM", None),
)

USERS: tuple[tuple[str | None, str | None, str | None, str | None], ...] = (
    ("Leo", "Brandt", "recruiter@demo.test", "ACTIVE"),
    ("Marta", "Vidal", "reviewer@demo.test", "ACTIVE"),
    ("Tunde", "Bello", "reviewer2@demo.test", "ACTIVE"),
    ("Hanne", "Kjær", "hanne.kjaer@northwind.test", "ACTIVE"),
    ("Yuki", "Tanabe", "yuki.tanabe@northwind.test", "ACTIVE"),
    ("Ruth", None, "ruth@northwind.test", "INACTIVE"),
    (None, "Svensson", None, None),
    ("Priyanka", "Menon", "priyanka.menon@northwind.test", "ACTIVE"),
)

PLAIN_PIPELINE = (
    ("Applied", 0, "ACTIVE"), ("Phone screen", 1, "ACTIVE"), ("Interview", 2, "ACTIVE"), ("Offer", 3, "ACTIVE"),
)  # fmt: skip
ENGINEERING_PIPELINE = (
    ("Application review", 0, "ACTIVE"), ("Recruiter call", 1, "ACTIVE"), ("Take-home task", 2, "ACTIVE"),
    ("Technical interview", 3, "ACTIVE"), ("Panel", 4, "ACTIVE"), ("Offer", 5, "ACTIVE"), ("Hired", 6, "ACTIVE"),
    ("Legacy screening (2024)", 7, "INACTIVE"),
)  # fmt: skip
ODD_PIPELINE = (
    ("Eingang", 0, "ACTIVE"), ("Telefoninterview", 1, "ACTIVE"), ("Gespräch vor Ort", 1, "ACTIVE"),
    ("Parkplatz", None, "ACTIVE"), ("Angebot", 3, None),
)  # fmt: skip
CARE_PIPELINE = (
    ("New", 0, "ACTIVE"), ("Registration check", 1, "ACTIVE"), ("Ward visit", 2, "ACTIVE"),
    ("Interview", 3, "ACTIVE"), ("References", 4, "ACTIVE"), ("Offer made", 5, "ACTIVE"),
)  # fmt: skip

# Weights add up to a hundred lots, each under a quarter (see Population). Teams hold (user, role) places.
JOBS: tuple[dict[str, Any], ...] = (
    {
        "name": "Reporting Analyst", "code": "RA-26", "department": "Finance", "status": "OPEN", "visibility": "PUBLIC",
        "employment": "FULL_TIME", "remote": "HYBRID", "stages": PLAIN_PIPELINE, "weight": 20,
        "team": ((0, 0), (1, 1), (2, 2)), "city": "London", "country": "GB",
    },
    {
        "name": "Senior Backend Engineer (Python)", "code": "ENG-104", "department": "Engineering", "status": "OPEN",
        "visibility": "PUBLIC", "employment": "FULL_TIME", "remote": "REMOTE", "stages": ENGINEERING_PIPELINE,
        "weight": 24, "team": ((0, 0), (1, 2), (2, 1), (4, 5)), "city": "Berlin", "country": "DE",
    },
    {
        "name": "Staff Nurse, Night Shift", "code": "CARE-7", "department": "Care", "status": "OPEN",
        "visibility": "PUBLIC", "employment": "PART_TIME", "remote": "ON_SITE", "stages": CARE_PIPELINE, "weight": 14,
        "team": ((0, 0), (3, 1), (1, 2)), "city": "Galway", "country": "IE",
    },
    {
        "name": "Produktdesigner:in", "code": "DES-12", "department": "Design", "status": "OPEN",
        "visibility": "UNLISTED", "employment": "FULL_TIME", "remote": "HYBRID", "stages": ODD_PIPELINE, "weight": 12,
        "team": ((7, 0), (2, 2)), "city": "Köln", "country": "DE",
    },
    {
        "name": "Principal Programme Manager, Cross-Border Payments Integration and Regulatory Change (EMEA and APAC, "
        "fixed term until the end of the migration)",
        "code": "PM-2026-EMEA-APAC", "department": "Payments", "status": "OPEN", "visibility": "INTERNAL",
        "employment": "CONTRACT", "remote": "HYBRID", "stages": PLAIN_PIPELINE, "weight": 6,
        "team": ((0, 0), (3, 1)), "city": "Lagos", "country": "NG",
    },
    {
        "name": "Chief of Staff", "code": "X-1", "department": None, "status": "OPEN", "visibility": "CONFIDENTIAL",
        "employment": "FULL_TIME", "remote": None, "stages": PLAIN_PIPELINE, "weight": 3, "team": ((0, 0), (1, 1)),
        "city": None, "country": None, "confidential": True,
    },
    {
        "name": "Warehouse Team Lead", "code": "LOG-3", "department": "Logistics", "status": "CLOSED",
        "visibility": "PUBLIC", "employment": "FULL_TIME", "remote": "ON_SITE", "stages": PLAIN_PIPELINE, "weight": 10,
        "team": ((0, 0),), "city": "Gdańsk", "country": "PL",
    },
    {
        "name": "Data Platform Intern", "code": None, "department": "Engineering", "status": "DRAFT",
        "visibility": None, "employment": "INTERNSHIP", "remote": "TEMPORARY", "stages": (), "weight": 2,
        "team": (), "city": "Bengaluru", "country": "IN",
    },
    {
        "name": "Talent community: Customer Care", "code": "TC-9", "department": "Support",
        "status": "Evergreen requisition", "visibility": "Agency only", "employment": "Zero hours",
        "remote": "Anywhere in CET ± 2", "stages": ODD_PIPELINE[:4], "weight": 7, "team": ((7, 0), (2, 1)),
        "city": "São Paulo", "country": "Brasilien",
    },
    {
        "name": "Office Manager", "code": "OFF-1", "department": "People", "status": "ARCHIVED", "visibility": "PUBLIC",
        "employment": None, "remote": "ON_SITE", "stages": PLAIN_PIPELINE, "weight": 2, "team": ((5, 0),),
        "city": "Warszawa", "country": "PL", "deleted": True,
    },
)  # fmt: skip

DESCRIPTIONS = (
    (
        "<h2>What you will do</h2><ul><li>Turn questions into figures that people trust</li><li>Own the month-end "
        "board pack</li></ul><p>We work in <strong>small teams</strong>, close to finance &amp; operations.</p>"
    ),
    (
        "<p>Our services take <em>four million</em> requests a day. You will make them calmer.</p><ol><li>Design</li>"
        '<li>Build</li><li>Run</li></ol><p><a href="https://careers.example.com/how-we-hire">How we hire</a></p>'
    ),
    "<p>Twelve beds, a team of five, and a ward manager who plans ahead.</p><p>NMBI registration is needed.</p>",
    "<p>Du gestaltest Oberflächen, die auch um 3&nbsp;Uhr nachts verständlich sind.</p><script>alert(1)</script>",
    '<div onclick="steal()"><p>A long programme with many moving parts.</p></div><img src="x" onerror="alert(2)">',
    "",
    "<p>Lead a team of fourteen on the late shift. <br>Forklift licence welcome.</p>",
    "Plain text, no markup at all.\nSecond line.",
    "<p>Tell us who you are; we call when something fits.</p>",
    "<p>Keep the office a good place to come to.</p>",
)

QUESTIONS: tuple[dict[str, Any], ...] = (
    {"remote_id": "q-1", "title": "Why this role?", "type": "TEXT", "required": True},
    {"remote_id": "q-2", "title": "Right to work in the country of the role?", "type": "BOOLEAN", "required": True},
    {"remote_id": "q-3", "title": "Years of experience", "type": "NUMBER", "required": False},
    {
        "remote_id": "q-4", "title": "How did you hear of us?", "type": "SINGLE_SELECT", "required": False,
        "options": ("A friend", "Careers page", "Event", "Newspaper"),
    },
    {
        "remote_id": "q-5", "title": "Which shifts can you work?", "type": "MULTI_SELECT", "required": False,
        "options": ("Early", "Late", "Night", "Weekend"),
    },
    {"remote_id": "q-6", "title": "Earliest start", "type": "DATE", "required": False},
    {"remote_id": "q-7", "title": "Portfolio as a file", "type": "FILE", "required": False},
    {"remote_id": "q-8", "title": "We read every application ourselves.", "type": "INFORMATION", "required": None},
    {"remote_id": None, "title": "Legacy question (imported)", "type": "UNKNOWN", "required": None},
    {
        "remote_id": "q-10", "title": "Gender (voluntary)", "type": "SINGLE_SELECT", "required": False,
        "options": ("Female", "Male", "Another", "No answer"), "category": "DEMOGRAPHIC",
    },
)  # fmt: skip

ANSWERS = (
    "I have followed the team's public writing for years and would like to add to it.",
    "It is close to home, and the hours fit.",
    "A former colleague spoke well of you.\n\nAnd the stack is the one I know best.",
    "قرأت عن الشركة وأريد أن أكون جزءا منها.",
    "Because <i>figures</i> should be read & understood by everyone.",
    "",
)

SOURCES = ("Careers page", "Referral", "LinkedIn", "Agency: Fjord & Partners", "Job fair 2026", "Sourced", None)
