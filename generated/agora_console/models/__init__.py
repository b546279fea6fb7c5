"""Contains all the data models used in inputs/outputs"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .absent_channel import AbsentChannel
    from .business import Business
    from .channel_hosts_answer import ChannelHostsAnswer
    from .channel_page import ChannelPage
    from .channel_summary import ChannelSummary
    from .channel_users_answer import ChannelUsersAnswer
    from .channels_answer import ChannelsAnswer
    from .communication_channel import CommunicationChannel
    from .console_error import ConsoleError
    from .create_kicking_rule_request import CreateKickingRuleRequest
    from .create_project_request import CreateProjectRequest
    from .daily_minutes import DailyMinutes
    from .daily_usage import DailyUsage
    from .delete_kicking_rule_request import DeleteKickingRuleRequest
    from .delete_project_request import DeleteProjectRequest
    from .enable_certificate_request import EnableCertificateRequest
    from .found_projects_answer import FoundProjectsAnswer
    from .gateway_message import GatewayMessage
    from .hosts_of_live_channel import HostsOfLiveChannel
    from .kicking_rule import KickingRule
    from .kicking_rule_answer import KickingRuleAnswer
    from .kicking_rule_end import KickingRuleEnd
    from .kicking_rule_end_answer import KickingRuleEndAnswer
    from .kicking_rules_answer import KickingRulesAnswer
    from .live_channel import LiveChannel
    from .metric import Metric
    from .metrics import Metrics
    from .privilege import Privilege
    from .project import Project
    from .project_answer import ProjectAnswer
    from .project_status import ProjectStatus
    from .project_usage import ProjectUsage
    from .projects_answer import ProjectsAnswer
    from .reset_certificate_request import ResetCertificateRequest
    from .set_project_status_request import SetProjectStatusRequest
    from .set_recording_server_request import SetRecordingServerRequest
    from .success_answer import SuccessAnswer
    from .update_kicking_rule_request import UpdateKickingRuleRequest
    from .usage_figures import UsageFigures
    from .usage_v1_answer import UsageV1Answer
    from .usage_v3_answer import UsageV3Answer
    from .user_property import UserProperty
    from .user_property_answer import UserPropertyAnswer
    from .user_role import UserRole

_MODULES = {
    "AbsentChannel": ".absent_channel",
    "Business": ".business",
    "ChannelHostsAnswer": ".channel_hosts_answer",
    "ChannelPage": ".channel_page",
    "ChannelSummary": ".channel_summary",
    "ChannelUsersAnswer": ".channel_users_answer",
    "ChannelsAnswer": ".channels_answer",
    "CommunicationChannel": ".communication_channel",
    "ConsoleError": ".console_error",
    "CreateKickingRuleRequest": ".create_kicking_rule_request",
    "CreateProjectRequest": ".create_project_request",
    "DailyMinutes": ".daily_minutes",
    "DailyUsage": ".daily_usage",
    "DeleteKickingRuleRequest": ".delete_kicking_rule_request",
    "DeleteProjectRequest": ".delete_project_request",
    "EnableCertificateRequest": ".enable_certificate_request",
    "FoundProjectsAnswer": ".found_projects_answer",
    "GatewayMessage": ".gateway_message",
    "HostsOfLiveChannel": ".hosts_of_live_channel",
    "KickingRule": ".kicking_rule",
    "KickingRuleAnswer": ".kicking_rule_answer",
    "KickingRuleEnd": ".kicking_rule_end",
    "KickingRuleEndAnswer": ".kicking_rule_end_answer",
    "KickingRulesAnswer": ".kicking_rules_answer",
    "LiveChannel": ".live_channel",
    "Metric": ".metric",
    "Metrics": ".metrics",
    "Privilege": ".privilege",
    "Project": ".project",
    "ProjectAnswer": ".project_answer",
    "ProjectStatus": ".project_status",
    "ProjectUsage": ".project_usage",
    "ProjectsAnswer": ".projects_answer",
    "ResetCertificateRequest": ".reset_certificate_request",
    "SetProjectStatusRequest": ".set_project_status_request",
    "SetRecordingServerRequest": ".set_recording_server_request",
    "SuccessAnswer": ".success_answer",
    "UpdateKickingRuleRequest": ".update_kicking_rule_request",
    "UsageFigures": ".usage_figures",
    "UsageV1Answer": ".usage_v1_answer",
    "UsageV3Answer": ".usage_v3_answer",
    "UserProperty": ".user_property",
    "UserPropertyAnswer": ".user_property_answer",
    "UserRole": ".user_role",
}


def __getattr__(name: str) -> Any:
    """Loads a model when it is first asked for."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name], __name__), name)


__all__ = (
    "AbsentChannel",
    "Business",
    "ChannelHostsAnswer",
    "ChannelPage",
    "ChannelsAnswer",
    "ChannelSummary",
    "ChannelUsersAnswer",
    "CommunicationChannel",
    "ConsoleError",
    "CreateKickingRuleRequest",
    "CreateProjectRequest",
    "DailyMinutes",
    "DailyUsage",
    "DeleteKickingRuleRequest",
    "DeleteProjectRequest",
    "EnableCertificateRequest",
    "FoundProjectsAnswer",
    "GatewayMessage",
    "HostsOfLiveChannel",
    "KickingRule",
    "KickingRuleAnswer",
    "KickingRuleEnd",
    "KickingRuleEndAnswer",
    "KickingRulesAnswer",
    "LiveChannel",
    "Metric",
    "Metrics",
    "Privilege",
    "Project",
    "ProjectAnswer",
    "ProjectsAnswer",
    "ProjectStatus",
    "ProjectUsage",
    "ResetCertificateRequest",
    "SetProjectStatusRequest",
    "SetRecordingServerRequest",
    "SuccessAnswer",
    "UpdateKickingRuleRequest",
    "UsageFigures",
    "UsageV1Answer",
    "UsageV3Answer",
    "UserProperty",
    "UserPropertyAnswer",
    "UserRole",
)
